/**
 * The settings of the lab's programs: environment -> typed, checked values.
 *
 * This is the only reader of `process.env` and the only user of dotenv. On a host the `.env` file
 * is read too; a variable that is already set wins over it. An empty value counts as not set.
 */
import { readFileSync } from 'node:fs';
import { config as loadEnvFile } from 'dotenv';

/** How a client reaches the broker. */
export interface BrokerAddress {
  protocol: 'amqp' | 'amqps';
  hostname: string;
  port: number;
  vhost: string;
  username: string;
  password: string;
  /** A file with the certificate authority that signed the broker's certificate (PEM). */
  caFile: string | undefined;
}

export interface Settings {
  broker: BrokerAddress;
  /** Pause between two messages of a producer that sends for ever, in milliseconds. */
  publishIntervalMs: number;
  /** How many messages a producer sends before it ends; Infinity means until it is stopped. */
  publishCount: number;
  /** How many messages a consumer may hold unacknowledged; 0 means as many as there are. */
  prefetch: number;
  /** How long an orderly stop may take before the program ends at once, in milliseconds. */
  stopTimeoutMs: number;
}

/** A setting that cannot be used. Its message says which one, what it got and how to mend it. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Checks an environment and turns it into settings.
 *
 * @throws {SettingsError} for a value out of its range and for a name the lab doesn't know.
 */
export function readSettings(environment: Environment): Settings {
  refuseUnknownNames(environment);
  const given = (name: string) => environment[name] || undefined;
  const url = given('AMQP_URL');
  return {
    broker: {
      ...(url ? parseUrl(url) : readParts(given)),
      caFile: readableFile(given, 'AMQP_CA_FILE'),
    },
    publishIntervalMs: wholeNumber(given, 'PUBLISH_INTERVAL_MS', 0, 3_600_000, 1000),
    publishCount: wholeNumber(given, 'PUBLISH_COUNT', 1, 1_000_000_000, Number.POSITIVE_INFINITY),
    prefetch: wholeNumber(given, 'PREFETCH', 0, 65_535, 1),
    stopTimeoutMs: wholeNumber(given, 'STOP_TIMEOUT_MS', 100, 600_000, 10_000),
  };
}

/** Reads the process's own settings. A bad one ends the program: one line, status 2. */
export function loadSettings(): Settings {
  loadEnvFile({ quiet: true });
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(` [!] ${error.message}`);
    process.exit(2);
  }
}

const NAMES = [
  'AMQP_URL',
  'AMQP_HOST',
  'AMQP_PORT',
  'AMQP_VHOST',
  'AMQP_USER',
  'AMQP_PASSWORD',
  'AMQP_TLS',
  'AMQP_CA_FILE',
  'PUBLISH_INTERVAL_MS',
  'PUBLISH_COUNT',
  'PREFETCH',
  'STOP_TIMEOUT_MS',
];

// A mistyped name would otherwise be ignored, and the default used without a word.
function refuseUnknownNames(environment: Environment): void {
  for (const name of Object.keys(environment)) {
    if (!/^(AMQP_|PUBLISH_|PREFETCH|STOP_)/.test(name) || NAMES.includes(name)) continue;
    throw new SettingsError(
      `\`${name}\` is not a setting of this lab. The settings are: ${NAMES.join(', ')}.`,
    );
  }
}

type Given = (name: string) => string | undefined;

function wholeNumber(given: Given, name: string, least: number, most: number, fallback: number) {
  const text = given(name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  const otherwise =
    fallback === Number.POSITIVE_INFINITY ? 'go on until stopped' : `use ${fallback}`;
  throw new SettingsError(
    `\`${name}\` must be a whole number from ${least} to ${most}, got "${text}". ` +
      `Set it in .env or remove it to ${otherwise}.`,
  );
}

type AddressWithoutCa = Omit<BrokerAddress, 'caFile'>;

function readParts(given: Given): AddressWithoutCa {
  const tls = given('AMQP_TLS') ?? 'false';
  if (tls !== 'true' && tls !== 'false') {
    throw new SettingsError(
      `\`AMQP_TLS\` must be true or false, got "${tls}". Set it in .env or remove it to use false.`,
    );
  }
  return {
    protocol: tls === 'true' ? 'amqps' : 'amqp',
    hostname: given('AMQP_HOST') ?? 'localhost',
    port: wholeNumber(given, 'AMQP_PORT', 1, 65_535, tls === 'true' ? 5671 : 5672),
    vhost: given('AMQP_VHOST') ?? '/',
    username: given('AMQP_USER') ?? 'guest',
    password: given('AMQP_PASSWORD') ?? 'guest',
  };
}

function readableFile(given: Given, name: string): string | undefined {
  const path = given(name);
  try {
    if (path) readFileSync(path);
    return path;
  } catch (cause) {
    throw new SettingsError(
      `\`${name}\` must be a file that can be read, got "${path}". ` +
        'Set it in .env or remove it to trust the authorities that Node knows.',
      { cause },
    );
  }
}

/**
 * Takes an AMQP URI apart. Every part but the host has a default: port 5672 (5671 for amqps),
 * guest/guest, vhost "/". Source: "RabbitMQ URI Specification" in the RabbitMQ documentation.
 */
function parseUrl(text: string): AddressWithoutCa {
  const url = URL.parse(text);
  const protocol = url?.protocol.slice(0, -1);
  if (!url?.hostname || (protocol !== 'amqp' && protocol !== 'amqps') || url.search || url.hash) {
    throw badUrl(text);
  }
  try {
    return {
      protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || (protocol === 'amqps' ? 5671 : 5672),
      vhost: decodeURIComponent(url.pathname.slice(1)) || '/',
      username: decodeURIComponent(url.username) || 'guest',
      password: decodeURIComponent(url.password) || 'guest',
    };
  } catch {
    throw badUrl(text); // a lone % is not an encoding
  }
}

function badUrl(text: string): SettingsError {
  const shown = text.replace(/(\/\/[^:]*):.*@/, '$1:***@'); // whatever the password is made of
  return new SettingsError(
    '`AMQP_URL` must look like amqp://user:password@host:5672/vhost (or amqps://), ' +
      `special characters as %XX, no options, got "${shown}". ` +
      'Set it in .env or remove it to use AMQP_HOST, AMQP_PORT and so on.',
  );
}
