# Three stages: the pages, the Python environment, and a small image that holds only their results.

FROM node:20-bookworm-slim AS pages
WORKDIR /src/pwa
COPY pwa/package.json pwa/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY pwa ./
RUN npm run build

FROM python:3.12-slim-bookworm AS packages
WORKDIR /src
RUN python -m venv /opt/shangmen
COPY requirements.lock ./
RUN /opt/shangmen/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY routing routing
COPY backend backend
COPY --from=pages /src/pwa/dist backend/static
RUN /opt/shangmen/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim-bookworm
RUN useradd --system --create-home --home-dir /var/lib/shangmen --uid 1000 shangmen
COPY --from=packages /opt/shangmen /opt/shangmen
ENV PATH=/opt/shangmen/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    NUMBA_CACHE_DIR=/var/lib/shangmen/compiled \
    SHANGMEN_DATA_DIR=/var/lib/shangmen/data \
    SHANGMEN_HOST=0.0.0.0 \
    SHANGMEN_LOG_FORMAT=json
RUN install -d -o shangmen -g shangmen /var/lib/shangmen/data /var/lib/shangmen/compiled
USER shangmen
WORKDIR /var/lib/shangmen
VOLUME /var/lib/shangmen/data
EXPOSE 8000
# The image has no curl; Python is there anyway.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD \
    ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/ready', timeout=4)"]
CMD ["shangmen", "serve"]
