# The server's image, for docker-compose.yml. `--target gpu` adds what TensorFlow needs of CUDA.

# To build from the same base again, pin it by its digest: FROM python:3.13.1-slim-bookworm@sha256:…
FROM python:3.13.1-slim-bookworm AS server
WORKDIR /app
# The second of the commit: `make image` gives it, so that the same commit makes the same files.
ARG SOURCE_DATE_EPOCH
ENV PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1 PYTHONUNBUFFERED=1
# The packages change seldom and are large, so they are a layer of their own: exactly what the lock holds, by its hashes.
COPY scripts/ scripts/
COPY machine/ machine/
COPY requirements/ requirements/
RUN PYTHONPATH=scripts python -c "import set_up; set_up.Environment().install('run')" && rm -r .fetched \
    # uv's notes of the time when it installed each package.
    && find .venv -name uv_cache.json -delete && sed -i '/uv_cache.json,/d' .venv/lib/python*/site-packages/*/RECORD \
    # Here, for the server can't write it: TensorFlow starts three times slower without. By content, not by time.
    && .venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash .venv/lib
ENV PATH=/app/.venv/bin:$PATH
COPY package.json package-lock.json .npmrc ./
RUN PYTHONPATH=scripts python -c "import set_up; set_up.FrontEnd().install(set_up.Environment(), 'run')" && rm -r .fetched
COPY manage.py pyproject.toml LICENSE ./
COPY static/ static/
COPY templates/ templates/
COPY ftcml/ ftcml/
COPY videos/ videos/
COPY datasets/ datasets/
COPY training/ training/
COPY detector/ detector/
RUN python -m compileall -q --invalidation-mode unchecked-hash machine ftcml videos datasets training detector
# The server writes below /data alone, and as nobody in particular. In /tmp lie what libraries keep of their settings.
RUN useradd --uid 10001 --no-create-home ftcml && install -d -o ftcml -g ftcml /data
ENV FTCML_DATA=/data FTCML_HOST=0.0.0.0 FTCML_DEMO=0 HOME=/tmp TMPDIR=/data/uploads FTCML_ALIVE_FILE=/tmp/alive
USER ftcml
VOLUME /data
EXPOSE 8000
CMD ["python", "manage.py", "run_program", "web"]

FROM server AS gpu
USER root
# Both hold the module tensorflow, so one makes room for the other. A network that inspects TLS is trusted by the
# system's certificates, which uv reads only when it is told.
ENV UV_SYSTEM_CERTS=1
RUN uv pip uninstall --python .venv/bin/python tensorflow-cpu \
    && uv pip install --python .venv/bin/python --require-hashes --no-deps -r requirements/gpu.lock
USER ftcml

# Without a target the image is the one without CUDA.
FROM server
