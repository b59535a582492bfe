# The server's image, for docker-compose.yml. `--target gpu` adds what TensorFlow needs of CUDA.

FROM python:3.13.1-slim-bookworm AS server
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1 PYTHONUNBUFFERED=1
# The packages change seldom and are large, so they are a layer of their own: exactly what the lock holds, by its hashes.
COPY scripts/ scripts/
COPY machine/ machine/
COPY requirements/ requirements/
RUN PYTHONPATH=scripts python -c "import set_up; set_up.Environment().install('run')" && rm -r .fetched \
    # Here, for the server can't write it: TensorFlow starts three times slower without.
    && .venv/bin/python -m compileall -q -j 0 .venv/lib
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
RUN python -m compileall -q machine ftcml videos datasets training detector
# The server writes below /data alone, and as nobody in particular.
RUN useradd --uid 10001 --create-home ftcml && install -d -o ftcml -g ftcml /data
ENV FTCML_DATA=/data FTCML_HOST=0.0.0.0 FTCML_DEMO=0
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
