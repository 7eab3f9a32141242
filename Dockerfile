# burn in a container: `docker build --target aws --tag burn:aws .`; targets aws, gcp, azure, all.
# Nothing is compiled but burn's own wheels, and what runs has no pip, no compiler and no root.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY burn burn
COPY plugins plugins
COPY tools tools
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

FROM build AS build-aws
RUN tools/image-venv /burn burn-aws burn-slack burn-mcp

FROM build AS build-gcp
RUN tools/image-venv /burn burn-gcp burn-slack burn-mcp

FROM build AS build-azure
RUN tools/image-venv /burn burn-azure burn-slack burn-mcp

FROM build AS build-all
RUN tools/image-venv /burn burn-aws burn-gcp burn-azure burn-slack burn-mcp

FROM python:${PYTHON}-slim AS base
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && rm -rf /usr/local/lib/python3*/site-packages/pip* /usr/local/bin/pip* \
 && groupadd --gid 65532 burn \
 && useradd --uid 65532 --gid 65532 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin burn
ENV PATH=/burn/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOME=/tmp
USER 65532:65532
WORKDIR /tmp
ENTRYPOINT ["burn"]
CMD ["--help"]

FROM base AS aws
COPY --from=build-aws /burn /burn

FROM base AS gcp
COPY --from=build-gcp /burn /burn

FROM base AS azure
COPY --from=build-azure /burn /burn

FROM base AS all
COPY --from=build-all /burn /burn
