/** The environment of a page's terminals: a reader's own, without the lab's settings. Pure. */

/** Settings of the lab and of make: a page must behave as it does where none of them is set. */
const LAB =
  /^(?:LESSON|ARGS|UPDATE|SABOTAGE|(?:PUBLISH|AMQP)_\w+|PREFETCH|STOP_TIMEOUT_MS|COMPOSE_\w+|MAKE\w*|MFLAGS)$/;

/** What a terminal's window and language, or a shell's own start, would change in the output. */
const TERMINAL = /^(?:COLUMNS|LINES|LC_\w+|LANGUAGE|BASH_ENV|ENV|PROMPT_COMMAND|PS\d|FORCE_COLOR)$/;

/** What `env` becomes in the terminals of a page. The lab there has a name of its own. */
export function pageEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !LAB.test(name) && !TERMINAL.test(name));
  return {
    ...Object.fromEntries(kept),
    COMPOSE_PROJECT_NAME: 'rabbitmq-lab-pages',
    LANG: 'C.UTF-8',
    TERM: 'dumb',
  };
}
