# One image for all TypeScript programs of the lab; the tests add what only they need.

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

FROM node:24-slim AS tests
WORKDIR /lab
COPY package.json package-lock.json .npmrc ./
RUN npm ci && npm cache clean --force
COPY . .
ENTRYPOINT ["node", "node_modules/vitest/vitest.mjs", "run"]
