# One image for every node. Needs no network when running, writes only to /data and /tmp, runs as nobody special.
#   docker build -t notevault .
#   docker run --read-only --tmpfs /tmp -v notevault:/data -p 8000:8000 notevault

FROM python:3.13-slim AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1

# What runs, and apart from it what builds (Node comes as a wheel): only the first goes into the image.
COPY requirements/run.txt requirements/build.txt requirements/
RUN python -m venv /opt/notevault \
    && /opt/notevault/bin/pip install --require-hashes --only-binary :all: -r requirements/run.txt
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --only-binary :all: -r requirements/build.txt

# The packages of the web client change less often than its sources.
COPY web/package.json web/package-lock.json web/.npmrc web/
COPY hatch_build.py ./
COPY scripts/web.py scripts/
RUN /opt/build/bin/python scripts/web.py install

COPY . .
RUN /opt/build/bin/python -m hatchling build -t wheel -d /dist \
    && /opt/notevault/bin/pip install --no-deps --no-index /dist/*.whl \
    && /opt/notevault/bin/python -m compileall -q /opt/notevault/lib

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home notevault
COPY --from=build /opt/notevault /opt/notevault
ENV PATH=/opt/notevault/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/ready', timeout=2)"]
ENTRYPOINT ["nvserver"]
CMD ["serve", "--host", "0.0.0.0", "--data-dir", "/data", "--log-format", "json"]
