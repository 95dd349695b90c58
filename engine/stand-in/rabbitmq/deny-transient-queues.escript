#!/usr/bin/env escript
%% RabbitMQ 4.3.0 and later deny a queue that is neither durable nor exclusive, unless they are told to
%% permit it: rabbit_amqqueue.erl calls the feature transient_nonexcl_queues "denied_by_default".
%% Debian's package has "permitted_by_default" there. This writes upstream's word back.
%% Run with escript at the build of 4.3 and later.
main([File]) ->
    {ok, {Module, [{abstract_code, {_, Code}}]}} = beam_lib:chunks(File, [abstract_code]),
    {ok, Module, Binary} = compile:forms([deny(Form) || Form <- Code], [debug_info]),
    ok = file:write_file(File, Binary).

deny({attribute, Line, rabbit_deprecated_feature, {transient_nonexcl_queues, Properties}}) ->
    Denied = Properties#{deprecation_phase := denied_by_default},
    {attribute, Line, rabbit_deprecated_feature, {transient_nonexcl_queues, Denied}};
deny(Form) ->
    Form.
