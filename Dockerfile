# The build stage makes a virtual environment; the image is Python and that, nothing else.
ARG PYTHON=3.11
FROM python:${PYTHON}-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY mockletta ./mockletta
RUN python -m venv --without-pip /opt/mockletta
RUN pip --python /opt/mockletta/bin/python install --no-cache-dir .

FROM python:${PYTHON}-slim
COPY --from=build /opt/mockletta /opt/mockletta
ENV PATH=/opt/mockletta/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
EXPOSE 8283
HEALTHCHECK --interval=5s --timeout=3s --start-period=5s --retries=3 \
    CMD ["mockletta", "health"]
ENTRYPOINT ["mockletta", "serve", "--host", "0.0.0.0"]
