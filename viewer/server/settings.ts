/** The viewer's settings: environment -> typed, checked values. The only reader of `process.env`. */

export type Settings = {
  /** The broker, or the nodes of a cluster, tried in turn. */
  hosts: readonly string[];
  amqpPort: number;
  managementPort: number;
  metricsPort: number;
  vhost: string;
  user: string;
  password: string;
  /** Where the page is served. */
  host: string;
  port: number;
};

/** @throws an error that names the setting and what it accepts */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const given = (name: string, fallback: string) => environment[name] || fallback;
  const port = (name: string, fallback: number) => {
    const text = given(name, String(fallback));
    const value = Number(text);
    if (/^\d+$/.test(text) && value <= 65_535) return value;
    throw new Error(`\`${name}\` must be a port, a whole number up to 65535, got "${text}".`);
  };
  return {
    hosts: given('AMQP_HOST', 'broker').split(','),
    amqpPort: port('AMQP_PORT', 5672),
    managementPort: port('MANAGEMENT_PORT', 15_672),
    metricsPort: port('METRICS_PORT', 15_692),
    vhost: given('AMQP_VHOST', '/'),
    user: given('VIEWER_USER', 'viewer'),
    password: given('VIEWER_PASSWORD', ''),
    host: given('LISTEN_HOST', '0.0.0.0'),
    port: port('LISTEN_PORT', 8090),
  };
}

export function loadSettings(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    console.error(` [!] ${(error as Error).message}`);
    process.exit(2);
  }
}
