# Three images of one source: web (no torch), worker, and cell (nothing but Python and torch).
#   TORCH_INDEX  a package index with torch's CPU build; without it pip may bring CUDA's gigabytes
#   PYTHON_IMAGE  what they stand on; docker-compose.yml names it, and every other image
ARG PYTHON_IMAGE

FROM ${PYTHON_IMAGE} AS web-packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/venv
WORKDIR /build
COPY pyproject.toml requirements.lock ./
RUN : > README.md && /opt/venv/bin/pip install --quiet -c requirements.lock ".[web]"

# torch, numpy and what they need, in a folder of their own that worker and cell share as one layer;
# without what only those need who build on torch, or test it.
FROM ${PYTHON_IMAGE} AS torch-packages
ARG TORCH_INDEX=
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /opt/torch
COPY requirements.lock /
RUN pip install --quiet --target . -c /requirements.lock ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} \
        "torch==$(sed -n 's/^torch==//p' /requirements.lock)" \
    && pip install --quiet --target . -c /requirements.lock numpy \
    && rm -rf bin torch/test torch/include torch/share torch/lib/*_test.so \
    && find torch/bin -type f ! -name torch_shm_manager -delete \
    && find sympy networkx mpmath -type d -name tests -prune -exec rm -rf {} +

FROM ${PYTHON_IMAGE} AS runtime
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent chainrule \
    && install -d -o chainrule -g chainrule /cells
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

FROM runtime AS web
ENV PYTHONPATH=/srv/chainrule
WORKDIR /srv/chainrule
COPY --from=web-packages /opt/venv /opt/venv
COPY . .
USER chainrule
EXPOSE 8000
CMD ["sh", "-c", "exec uvicorn --factory app.web:create_app --host 0.0.0.0 --port 8000 \
    --workers ${WEB_WORKERS:-2} --proxy-headers --no-access-log"]

FROM runtime AS torch
COPY --from=torch-packages /opt/torch /opt/torch

FROM torch AS worker
ENV PYTHONPATH=/srv/chainrule:/opt/torch
WORKDIR /srv/chainrule
COPY --from=web-packages /opt/venv /opt/venv
COPY . .
USER chainrule
ENV OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
CMD ["sh", "-c", "exec celery -A worker.tasks worker --loglevel WARNING \
    --concurrency ${WORKER_PROCESSES:-2} --without-gossip --without-mingle"]

FROM torch AS cell
ENV PYTHONPATH=/opt/torch
COPY worker/cell /opt/cell/cell
WORKDIR /opt/cell
ENV CHAINRULE_CELL_SOCKET=/cells
USER chainrule
CMD ["python", "-s", "-B", "-m", "cell"]
