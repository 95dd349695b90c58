/** Settings: what an environment becomes, and what is said about one that can't be used. */
import { describe, expect, test } from 'vitest';
import { readSettings, SettingsError } from '../broker/client/config.ts';

/** The message about an environment that is refused. */
function complaint(environment: Record<string, string>): string {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error('these settings were accepted');
}

test('an empty environment means guest at localhost:5672, one message a second, without end', () => {
  expect(readSettings({})).toEqual({
    brokers: [
      {
        protocol: 'amqp',
        hostname: 'localhost',
        port: 5672,
        vhost: '/',
        username: 'guest',
        password: 'guest',
        mechanism: 'PLAIN',
        caFile: undefined,
        certFile: undefined,
        keyFile: undefined,
      },
    ],
    publishIntervalMs: 1000,
    publishCount: Number.POSITIVE_INFINITY,
    prefetch: 1,
    stopTimeoutMs: 10_000,
  });
});

test('an empty value counts as not set, as docker-compose passes on what nobody has set', () => {
  const empty = { AMQP_URL: '', AMQP_PORT: '', AMQP_VHOST: '', AMQP_TLS: '', PUBLISH_COUNT: '' };
  expect(readSettings(empty)).toEqual(readSettings({}));
});

test('each part of the address has a setting', () => {
  const [broker] = readSettings({
    AMQP_HOST: 'rabbit',
    AMQP_PORT: '1234',
    AMQP_VHOST: 'a/b',
    AMQP_USER: 'anna',
    AMQP_PASSWORD: 'p@:/ %',
    AMQP_TLS: 'true',
    AMQP_CA_FILE: 'package.json',
    AMQP_CERT_FILE: 'tsconfig.json',
    AMQP_KEY_FILE: 'biome.json',
    AMQP_AUTH_MECHANISM: 'EXTERNAL',
  }).brokers;
  expect(broker).toEqual({
    protocol: 'amqps',
    hostname: 'rabbit',
    port: 1234,
    vhost: 'a/b',
    username: 'anna',
    password: 'p@:/ %',
    mechanism: 'EXTERNAL',
    caFile: 'package.json',
    certFile: 'tsconfig.json',
    keyFile: 'biome.json',
  });
});

test('TLS changes the default port', () => {
  expect(readSettings({ AMQP_TLS: 'true' }).brokers[0].port).toBe(5671);
  expect(readSettings({ AMQP_URL: 'amqps://rabbit' }).brokers[0].port).toBe(5671);
});

test('several hosts are the nodes of a cluster, in their order and alike in all else', () => {
  const { brokers } = readSettings({ AMQP_HOST: 'one,two,three', AMQP_PORT: '5673' });
  expect(brokers.map((broker) => broker.hostname)).toEqual(['one', 'two', 'three']);
  expect(brokers[2]).toEqual({ ...brokers[0], hostname: 'three' });
});

describe('AMQP_URL', () => {
  test.each([
    ['amqp://rabbit', { protocol: 'amqp', hostname: 'rabbit', port: 5672, vhost: '/' }],
    ['amqp://rabbit/', { vhost: '/', username: 'guest', password: 'guest' }],
    ['amqp://rabbit/%2f', { vhost: '/' }],
    ['amqp://rabbit/a%2Fb', { vhost: 'a/b' }],
    ['amqps://anna:p%40%3A%2F@rabbit:1/x', { username: 'anna', password: 'p@:/', port: 1 }],
    ['amqp://[::1]:5673/x', { hostname: '::1', port: 5673, vhost: 'x' }],
  ])('%s is understood', (url, expected) => {
    expect(readSettings({ AMQP_URL: url }).brokers[0]).toMatchObject(expected);
  });

  test('wins over the parts', () => {
    const { brokers } = readSettings({ AMQP_URL: 'amqp://one', AMQP_HOST: 'two', AMQP_PORT: '3' });
    expect(brokers).toMatchObject([{ hostname: 'one', port: 5672 }]);
  });

  test.each([
    'rabbit:5672',
    'http://rabbit',
    'amqp://',
    'amqp://rabbit:99999',
    'amqp://rabbit/100%',
    'amqp://rabbit?heartbeat=5',
    'amqp://rabbit/x#y',
  ])('%s is refused with an example of a good one', (url) => {
    expect(complaint({ AMQP_URL: url })).toBe(
      '`AMQP_URL` must look like amqp://user:password@host:5672/vhost (or amqps://), ' +
        `special characters as %XX, no options, got "${url}". ` +
        'Set it in .env or remove it to use AMQP_HOST, AMQP_PORT and so on.',
    );
  });

  test.each(['secret', 'se/cret', 'se:cret', 'se@cret', 'se?cret', 'se#cret'])(
    'with the password %s does not show it when it is refused',
    (password) => {
      for (const rest of ['rabbit?x', 'rabbit/%', 'rabbit:99999', '']) {
        const said = complaint({ AMQP_URL: `amqp://anna:${password}@${rest}` });
        expect(said).not.toContain('cret');
        expect(said).toContain('anna:***@');
      }
    },
  );
});

describe('a bad value is refused by name, with what it was and what is accepted:', () => {
  test.each([
    ['PUBLISH_COUNT', '-1', 'from 1 to 1000000000', 'go on until stopped'],
    ['PUBLISH_COUNT', '0', 'from 1 to 1000000000', 'go on until stopped'],
    ['PUBLISH_COUNT', 'ten', 'from 1 to 1000000000', 'go on until stopped'],
    ['PUBLISH_INTERVAL_MS', '1.5', 'from 0 to 3600000', 'use 1000'],
    ['PUBLISH_INTERVAL_MS', ' ', 'from 0 to 3600000', 'use 1000'],
    ['AMQP_PORT', '70000', 'from 1 to 65535', 'use 5672'],
    ['AMQP_PORT', '0x10', 'from 1 to 65535', 'use 5672'],
    ['PREFETCH', '65536', 'from 0 to 65535', 'use 1'],
    ['PREFETCH', '-1', 'from 0 to 65535', 'use 1'],
    ['STOP_TIMEOUT_MS', '99', 'from 100 to 600000', 'use 10000'],
  ])('%s=%s', (name, value, accepted, otherwise) => {
    expect(complaint({ [name]: value })).toBe(
      `\`${name}\` must be a whole number ${accepted}, got "${value}". ` +
        `Set it in .env or remove it to ${otherwise}.`,
    );
  });

  test('AMQP_TLS=yes', () => {
    expect(complaint({ AMQP_TLS: 'yes' })).toBe(
      '`AMQP_TLS` must be false or true, got "yes". Set it in .env or remove it to use false.',
    );
  });

  test('AMQP_AUTH_MECHANISM=external', () => {
    expect(complaint({ AMQP_AUTH_MECHANISM: 'external' })).toBe(
      '`AMQP_AUTH_MECHANISM` must be PLAIN or EXTERNAL, got "external". ' +
        'Set it in .env or remove it to use PLAIN.',
    );
  });

  test.each([
    { AMQP_CERT_FILE: 'package.json' },
    { AMQP_KEY_FILE: 'package.json' },
    { AMQP_AUTH_MECHANISM: 'EXTERNAL' },
  ])('%o, a certificate without its key and the like', (environment) => {
    expect(complaint(environment)).toMatch(
      /^`AMQP_CERT_FILE` and `AMQP_KEY_FILE` belong together, .* needs both, got ".*" and ".*"\./,
    );
  });

  test.each(['', ' ', 'one,', 'one, two', 'amqp://one'])('AMQP_HOST=%o', (hosts) => {
    expect(complaint({ AMQP_HOST: `${hosts},` })).toContain(`got "${hosts},". Set it in .env`);
  });

  test('AMQP_CA_FILE, when there is no such file', () => {
    expect(complaint({ AMQP_TLS: 'true', AMQP_CA_FILE: '/no/such.pem' })).toMatch(
      /^`AMQP_CA_FILE` must be a file that can be read, got "\/no\/such.pem"/,
    );
  });
});

test('a mistyped name is refused with the list of names, instead of using the default', () => {
  expect(complaint({ AMQP_PASWORD: 'x' })).toMatch(
    /^`AMQP_PASWORD` is not a setting of this lab. The settings are: AMQP_URL, .*STOP_TIMEOUT_MS\.$/,
  );
});

test('a mistyped name in .env is refused, also if it does not begin with AMQP_', () => {
  for (const name of ['PUBLISH_COUNTS', 'PREFETCH_COUNT', 'STOP_TIMEOUT', 'AMQP_PASWORD']) {
    expect(() => readSettings({}, { [name]: '1' })).toThrow(`\`${name}\` is not a setting`);
  }
  expect(() => readSettings({}, { HOST_AMQP_PORT: '1', LESSON: '01-hello' })).not.toThrow();
});

// C11: they ended the program.
test("a variable of the reader's own that begins like one of ours is left alone", () => {
  expect(() =>
    readSettings({ STOP_WORDS: 'x', PREFETCH_DNS: '1', PUBLISH_TOKEN: 'x' }),
  ).not.toThrow();
});

test('names that are nobody of ours are left alone', () => {
  expect(() => readSettings({ PATH: '/bin', HOME: '/', LESSON: '01-hello' })).not.toThrow();
});
