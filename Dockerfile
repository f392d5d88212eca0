# The product for production: one image, started as web, worker or beat (docker-compose.yml).
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY . .
# The same set-up as a person's `make run`; secrets made on the way stay in the build stage.
RUN BSS_DATA=/tmp/build python -m bss.embedded.setup && rm -rf node_modules .data

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --no-create-home --home-dir /app wo-bss \
    && install --directory --owner=wo-bss /srv/files
WORKDIR /app
COPY --from=build /app /app
ENV DJANGO_SETTINGS_MODULE=bss.settings.production \
    PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1
USER wo-bss
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s \
    CMD ["python", "-m", "bss.embedded.healthcheck"]
STOPSIGNAL SIGTERM
CMD ["gunicorn", "bss.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--limit-request-line", "4094", "--limit-request-fields", "64", "--limit-request-field_size", "8190", "--timeout", "120", "--graceful-timeout", "15", "--no-control-socket"]
