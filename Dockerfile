# Three images of one source: web (no torch), worker, and cell (nothing but Python and torch).
#   TORCH_INDEX  a package index with torch's CPU build; without it CUDA's gigabytes come along
#   PYTHON_IMAGE  what they stand on; docker-compose.yml names it, and every other image
# What is installed has the hash in requirements/, but for torch from an index that is named here.
ARG PYTHON_IMAGE

FROM ${PYTHON_IMAGE} AS web-packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/venv
WORKDIR /build
COPY requirements/setup.lock requirements/web.lock requirements/
RUN /opt/venv/bin/pip install --quiet --no-deps --require-hashes -r requirements/web.lock \
    && pip install --quiet --no-deps --require-hashes -r requirements/setup.lock
COPY pyproject.toml LICENSE ./
RUN : > README.md && pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /wheel . \
    && /opt/venv/bin/pip install --quiet --no-deps /wheel/*.whl

# torch, numpy and what they need, in a folder of their own that worker and cell share as one layer;
# without what only those need who build on torch, or test it.
FROM ${PYTHON_IMAGE} AS torch-packages
ARG TORCH_INDEX=
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /opt/torch
COPY requirements/worker.lock requirements/torch.lock /
RUN pip install --quiet --target . --no-deps --require-hashes -r /worker.lock \
    && if [ -n "$TORCH_INDEX" ]; then \
        pip install --quiet --target . --no-deps --index-url "$TORCH_INDEX" \
            "$(sed -n 's/^\(torch==[^ ]*\).*/\1/p' /torch.lock)"; \
    else \
        pip install --quiet --target . --no-deps --require-hashes -r /torch.lock; \
    fi \
    && rm -rf bin torch/test torch/include torch/share torch/lib/*_test.so \
    && find torch/bin -type f ! -name torch_shm_manager -delete \
    && find sympy networkx mpmath -type d -name tests -prune -exec rm -rf {} +

FROM ${PYTHON_IMAGE} AS runtime
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent chainrule \
    && install -d -o chainrule -g chainrule /cells \
    && install -d -o chainrule -g chainrule -m 0700 /receipt-keys
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

FROM runtime AS web
ENV PYTHONPATH=/srv/chainrule
WORKDIR /srv/chainrule
COPY --from=web-packages /opt/venv /opt/venv
COPY . .
RUN python -m compileall -q .
USER chainrule
EXPOSE 8000
CMD ["sh", "-c", "exec python -m cli.main web --host 0.0.0.0 --port 8000 \
    --workers ${WEB_WORKERS:-2}"]

FROM runtime AS torch
COPY --from=torch-packages /opt/torch /opt/torch

FROM torch AS worker
ENV PYTHONPATH=/srv/chainrule:/opt/torch
WORKDIR /srv/chainrule
COPY --from=web-packages /opt/venv /opt/venv
COPY . .
RUN python -m compileall -q .
USER chainrule
ENV OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
CMD ["sh", "-c", "exec python -m cli.main worker --concurrency ${WORKER_PROCESSES:-2}"]

FROM torch AS cell
ENV PYTHONPATH=/opt/torch
COPY worker/cell /opt/cell/cell
WORKDIR /opt/cell
RUN python -m compileall -q .
ENV CHAINRULE_CELL_SOCKET=/cells
USER chainrule
CMD ["python", "-s", "-B", "-m", "cell"]
