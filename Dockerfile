# Three images of one source: web (no torch), worker, and cell (nothing but Python and torch).
#   TORCH_INDEX  a package index with torch's CPU build; without it pip may bring CUDA's gigabytes
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS web-packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/venv
WORKDIR /build
COPY pyproject.toml requirements.lock ./
RUN : > README.md && /opt/venv/bin/pip install --quiet -c requirements.lock ".[web]"

FROM web-packages AS worker-packages
ARG TORCH_INDEX=
RUN /opt/venv/bin/pip install --quiet -c requirements.lock ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} \
        "torch==$(sed -n 's/^torch==//p' requirements.lock)" \
    && /opt/venv/bin/pip install --quiet -c requirements.lock ".[worker]"

FROM ${PYTHON_IMAGE} AS cell-packages
ARG TORCH_INDEX=
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --quiet -c requirements.lock ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} \
        "torch==$(sed -n 's/^torch==//p' requirements.lock)" \
    && /opt/venv/bin/pip install --quiet -c requirements.lock numpy \
    && /opt/venv/bin/pip uninstall --quiet --yes pip setuptools

FROM ${PYTHON_IMAGE} AS runtime
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent chainrule \
    && install -d -o chainrule -g chainrule /cells
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

FROM runtime AS service
ENV PYTHONPATH=/srv/chainrule
WORKDIR /srv/chainrule
COPY alembic.ini ./
COPY graders graders
COPY migrations migrations
COPY cli cli
COPY worker worker
COPY app app
USER chainrule

FROM service AS web
COPY --from=web-packages /opt/venv /opt/venv
EXPOSE 8000
CMD ["sh", "-c", "exec uvicorn --factory app.web:create_app --host 0.0.0.0 --port 8000 \
    --workers ${WEB_WORKERS:-2} --proxy-headers --no-access-log"]

FROM service AS worker
COPY --from=worker-packages /opt/venv /opt/venv
ENV OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
CMD ["sh", "-c", "exec celery -A worker.tasks worker --loglevel WARNING \
    --concurrency ${WORKER_PROCESSES:-2} --without-gossip --without-mingle"]

FROM runtime AS cell
COPY --from=cell-packages /opt/venv /opt/venv
COPY worker/cell /opt/cell/cell
WORKDIR /opt/cell
ENV CHAINRULE_CELL_SOCKET=/cells
USER chainrule
CMD ["python", "-s", "-B", "-m", "cell"]
