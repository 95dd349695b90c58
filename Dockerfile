# One image for all TypeScript programs of the lab, one for the Python programs of lesson 18; the
# tests need both, and more.

FROM node:24-slim AS lab
WORKDIR /lab
ENV NODE_ENV=production
# The packages first: an edit of a program then rebuilds only the last, small layers.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force
COPY broker broker
COPY producer producer
COPY consumer consumer
USER node

# Python and pika, as Debian has them. The programs find broker/ from /lab and print at once.
FROM node:24-slim AS python
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3-pika \
    && apt-get clean && rm -rf /var/lib/apt/lists/*
ENV PYTHONPATH=/lab PYTHONUNBUFFERED=1
WORKDIR /lab

FROM python AS pika
COPY broker/client/*.py broker/client/
COPY producer/*.py producer/
COPY consumer/*.py consumer/
USER node

FROM python AS tests
COPY package.json package-lock.json .npmrc ./
RUN npm ci && npm cache clean --force
COPY . .
ENTRYPOINT ["node", "node_modules/vitest/vitest.mjs", "run"]
