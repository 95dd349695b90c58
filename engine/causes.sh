# shellcheck shell=bash
# The texts in a broker's log that a page explains. It is sourced, not run.

# known_texts: reads a log; prints each text that it has and a page explains, with the page's entry.
known_texts() {
  local log text pattern entry
  log=$(sed $'s/\x1b\\[[0-9;]*m//g') # without its colours
  while read -r entry pattern; do
    text=$(grep -oE "$pattern" <<<"$log" | tail -n 1) || continue
    echo "$text -> lessons/$entry"
  done <<'END'
errors-machine.md#too-short-cookie-string Too short cookie string
errors-machine.md#there-is-no-setting-with-that-name Conf file attempted to set unknown variable: .*
errors-machine.md#failed_to_parse_configuration_file File operation error: eacces. Target: [^ ]*
errors-machine.md#required-feature-flag-not-enabled Feature flags: .* required feature flag not enabled!
errors.md#access_refused---login-was-refused user '.*' - invalid credentials
errors.md#not_allowed---vhost (vhost .* not found|access to vhost '.*' refused for user '.*')
errors.md#bad_header (\{bad_header,.*|TLS client detected on non-TLS AMQP port|HTTP GET request detected on AMQP port|client did not start with AMQP protocol header.*)
errors.md#access_refused---access-to-queue access_refused: .*access to .* refused for user '.*'
errors.md#not_found---no-queue not_found: no queue .*
errors.md#not_found---no-exchange not_found: no exchange .*
errors.md#resource_locked resource_locked: .*
errors.md#precondition_failed---inequivalent-arg precondition_failed: inequivalent arg .*
errors.md#precondition_failed---unknown-delivery-tag precondition_failed: unknown delivery tag .*
errors.md#precondition_failed---delivery-acknowledgement precondition_failed: delivery acknowledgement .*
errors.md#precondition_failed---message-size precondition_failed: message size .*
errors.md#internal_error---feature-transient_nonexcl_queues Feature .?transient_nonexcl_queues.? is deprecated
errors.md#frame_error-frame_too_large frame_too_large.*
errors.md#no-sign-of-life-for-two-heartbeats missed heartbeats from client.*
END
}
