/**
 * The settings of the lab's programs: environment -> typed, checked values.
 *
 * This is the only reader of `process.env` and the only user of dotenv. On a host the `.env` file
 * is read too; a variable that is already set wins over it. An empty value counts as not set.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { config as loadEnvFile } from 'dotenv';
import { missingOverlay } from './overlay.ts';

/** How a client reaches the broker. */
export interface BrokerAddress {
  protocol: 'amqp' | 'amqps';
  hostname: string;
  port: number;
  vhost: string;
  username: string;
  password: string;
  /**
   * How the client says who it is: with PLAIN by username and password, with EXTERNAL by its
   * certificate. Source: "Access Control" in the RabbitMQ documentation.
   */
  mechanism: 'PLAIN' | 'EXTERNAL';
  /** A file with the certificate authority that signed the broker's certificate (PEM). */
  caFile: string | undefined;
  /** Files with the client's own certificate and its private key (PEM). Both or none. */
  certFile: string | undefined;
  keyFile: string | undefined;
}

export interface Settings {
  /** The broker, or the nodes of a cluster in the order in which they are tried. */
  brokers: readonly [BrokerAddress, ...BrokerAddress[]];
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
 * @param envFile what of it stands in the file `.env`, where no other program keeps anything
 * @throws {SettingsError} for a value out of its range and for a name the lab doesn't know: any that
 *   begins with AMQP_, and in `.env` any that begins as one of the lab's does.
 */
export function readSettings(environment: Environment, envFile: Environment = {}): Settings {
  refuseUnknownNames(environment, /^AMQP_/);
  refuseUnknownNames(envFile, /^(AMQP_|PUBLISH_|PREFETCH|STOP_)/);
  const given = (name: string) => environment[name] || undefined;
  const url = given('AMQP_URL');
  const access = readAccess(given);
  const [first, ...others] = url ? [parseUrl(url)] : readParts(given);
  return {
    brokers: [{ ...first, ...access }, ...others.map((other) => ({ ...other, ...access }))],
    publishIntervalMs: wholeNumber(given, 'PUBLISH_INTERVAL_MS', 0, 3_600_000, 1000),
    publishCount: wholeNumber(given, 'PUBLISH_COUNT', 1, 1_000_000_000, Number.POSITIVE_INFINITY),
    prefetch: wholeNumber(given, 'PREFETCH', 0, 65_535, 1),
    stopTimeoutMs: wholeNumber(given, 'STOP_TIMEOUT_MS', 100, 600_000, 10_000),
  };
}

/**
 * Reads the process's own settings. A bad one ends the program: one line, status 2. So does a lesson's
 * program without the broker that it needs.
 */
export function loadSettings(): Settings {
  const { parsed } = loadEnvFile({ quiet: true });
  try {
    const { LAB_BROKER } = process.env;
    const missing = missingOverlay(basename(process.argv[1] ?? '', '.ts'), LAB_BROKER);
    if (missing) throw new SettingsError(missing);
    return readSettings(process.env, parsed);
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
  'AMQP_CERT_FILE',
  'AMQP_KEY_FILE',
  'AMQP_AUTH_MECHANISM',
  'PUBLISH_INTERVAL_MS',
  'PUBLISH_COUNT',
  'PREFETCH',
  'STOP_TIMEOUT_MS',
];

// A mistyped name would otherwise be ignored, and the default used without a word.
function refuseUnknownNames(environment: Environment, ours: RegExp): void {
  for (const name of Object.keys(environment)) {
    if (!ours.test(name) || NAMES.includes(name)) continue;
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

/** What a URL holds as well as the parts do. */
type Target = Omit<BrokerAddress, keyof Access>;
type Access = Pick<BrokerAddress, 'mechanism' | 'caFile' | 'certFile' | 'keyFile'>;

function readParts(given: Given): [Target, ...Target[]] {
  const tls = oneOf(given, 'AMQP_TLS', ['false', 'true']);
  const [hostname = '', ...others] = (given('AMQP_HOST') ?? 'localhost').split(',');
  if ([hostname, ...others].some((name) => !/^[^\s/@]+$/.test(name))) {
    throw new SettingsError(
      '`AMQP_HOST` must be the name of a host, or several with commas and no spaces between them, ' +
        `got "${given('AMQP_HOST')}". Set it in .env or remove it to use localhost.`,
    );
  }
  const first: Target = {
    protocol: tls === 'true' ? 'amqps' : 'amqp',
    hostname,
    port: wholeNumber(given, 'AMQP_PORT', 1, 65_535, tls === 'true' ? 5671 : 5672),
    vhost: given('AMQP_VHOST') ?? '/',
    username: given('AMQP_USER') ?? 'guest',
    password: given('AMQP_PASSWORD') ?? 'guest',
  };
  return [first, ...others.map((name) => ({ ...first, hostname: name }))];
}

function readAccess(given: Given): Access {
  const mechanism = oneOf(given, 'AMQP_AUTH_MECHANISM', ['PLAIN', 'EXTERNAL']);
  const [certFile, keyFile] = [given('AMQP_CERT_FILE'), given('AMQP_KEY_FILE')];
  if (!certFile !== !keyFile || (mechanism === 'EXTERNAL' && !certFile)) {
    throw new SettingsError(
      '`AMQP_CERT_FILE` and `AMQP_KEY_FILE` belong together, and `AMQP_AUTH_MECHANISM=EXTERNAL` ' +
        `needs both, got "${certFile ?? ''}" and "${keyFile ?? ''}". Set them in .env.`,
    );
  }
  return {
    mechanism,
    caFile: readableFile(given, 'AMQP_CA_FILE', 'trust the authorities that Node knows'),
    certFile: readableFile(given, 'AMQP_CERT_FILE', 'show no certificate'),
    keyFile: readableFile(given, 'AMQP_KEY_FILE', 'show no certificate'),
  };
}

/** One of some words; the first of them is the default. */
function oneOf<T extends string>(given: Given, name: string, words: readonly [T, ...T[]]): T {
  const text = given(name);
  const word = words.find((accepted) => accepted === text);
  if (word === undefined && text !== undefined) {
    throw new SettingsError(
      `\`${name}\` must be ${words.join(' or ')}, got "${text}". ` +
        `Set it in .env or remove it to use ${words[0]}.`,
    );
  }
  return word ?? words[0];
}

function readableFile(given: Given, name: string, otherwise: string): string | undefined {
  const path = given(name);
  try {
    if (path) readFileSync(path);
    return path;
  } catch (cause) {
    throw new SettingsError(
      `\`${name}\` must be a file that can be read, got "${path}". ` +
        `Set it in .env or remove it to ${otherwise}.`,
      { cause },
    );
  }
}

/**
 * Takes an AMQP URI apart. Every part but the host has a default: port 5672 (5671 for amqps),
 * guest/guest, vhost "/". Source: "RabbitMQ URI Specification" in the RabbitMQ documentation.
 */
function parseUrl(text: string): Target {
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
