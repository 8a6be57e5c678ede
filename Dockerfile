FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PROACTIVE_DATA=/data
WORKDIR /app

COPY pyproject.toml README.md LICENSE ./
COPY rules rules
COPY vision vision
COPY streams streams
COPY proactive proactive
RUN pip install '.[offline,openvino,web,kafka,postgresql]' \
    && useradd --system --create-home proactive \
    && mkdir -p /data/pictures && chown -R proactive /data

USER proactive
VOLUME /data
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["proactive", "doctor"]
CMD ["proactive", "serve"]
