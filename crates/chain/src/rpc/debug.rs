//! Traces.

use alloy::rpc::types::trace::geth::{
    CallConfig, CallFrame, CallLogFrame, GethDebugBuiltInTracerType, GethDebugTracerType,
    GethDebugTracingCallOptions, GethDebugTracingOptions,
};
use alloy_primitives::{Address, B256, U256};

use super::{
    IntoRpc, Job, Params, RpcError,
    error::{invalid_params, server},
    eth_call, job,
};
use crate::{
    outcome::revert_text,
    vm::{Frame, FrameKind, Trace},
};

pub(super) fn route(method: &str, params: &Params<'_>) -> Option<Result<Job, RpcError>> {
    Some(match method {
        "debug_traceTransaction" => trace_tx(params),
        "debug_traceCall" => trace_call(params),
        _ => return None,
    })
}

fn trace_tx(params: &Params<'_>) -> Result<Job, RpcError> {
    let (hash, options): (B256, Option<GethDebugTracingOptions>) =
        (params.required(0)?, params.optional(1)?);
    let config = call_tracer(options.unwrap_or_default())?;
    job(move |node| {
        let mined = node
            .blocks
            .tx(&hash)
            .ok_or_else(|| server("transaction not found"))?;
        let (done, trace) = node
            .retrace(mined.block.header.number, mined.index)
            .map_err(IntoRpc::into_rpc)?;
        let gas = mined
            .tx()
            .and_then(|tx| crate::tx::envelope(&tx.raw))
            .map(|tx| {
                use alloy::consensus::Transaction;
                tx.gas_limit()
            });
        Ok(root(trace, config, gas, done.result.tx_gas_used()))
    })
}

fn trace_call(params: &Params<'_>) -> Result<Job, RpcError> {
    let mut request = eth_call::request_at(params)?;
    let options: GethDebugTracingCallOptions = params.optional(2)?.unwrap_or_default();
    let config = call_tracer(options.tracing_options)?;
    request.state = options.state_overrides;
    request.env = options.block_overrides.map(Box::new);
    job(move |node| {
        let mut call = node.simulate(request).map_err(IntoRpc::into_rpc)?;
        let gas = call.tx.gas_limit;
        let (done, trace) = call.trace().map_err(IntoRpc::into_rpc)?;
        Ok(root(trace, config, Some(gas), done.result.tx_gas_used()))
    })
}

/// The options of the only tracer there is.
fn call_tracer(options: GethDebugTracingOptions) -> Result<CallConfig, RpcError> {
    let call_tracer = GethDebugTracerType::BuiltInTracer(GethDebugBuiltInTracerType::CallTracer);
    if options.tracer != Some(call_tracer) {
        return Err(invalid_params(
            "only the call tracer is offered: pass {\"tracer\": \"callTracer\"}",
        ));
    }
    if options.tracer_config.is_null() {
        return Ok(CallConfig::default());
    }
    options
        .tracer_config
        .into_call_config()
        .map_err(|error| invalid_params(format!("tracerConfig: {error}")))
}

/// The transaction's own frame, which shows the gas of the whole transaction.
fn root(trace: Trace, config: CallConfig, gas: Option<u64>, gas_used: u64) -> Option<CallFrame> {
    let mut frame = convert(trace.root?, config, true, &mut 0);
    frame.gas = gas.map_or(frame.gas, U256::from);
    frame.gas_used = U256::from(gas_used);
    Some(frame)
}

/// A frame as geth's call tracer shows it. `alive` tells whether all frames around it succeeded; as in geth, logs of
/// frames that failed are left out. `next_log` counts the logs shown.
fn convert(frame: Frame, config: CallConfig, alive: bool, next_log: &mut u64) -> CallFrame {
    let alive = alive && frame.error.is_none();
    let revert_reason = frame
        .error
        .as_ref()
        .filter(|_| !frame.output.is_empty())
        .and_then(|_| {
            revert_text(&frame.output)
                .strip_prefix("execution reverted: ")
                .map(str::to_owned)
        });
    let with_log = config.with_log == Some(true) && alive;
    let mut logs = Vec::new();
    let mut calls = Vec::new();
    let mut own = frame.logs.into_iter().peekable();
    for (position, inner) in frame.calls.into_iter().enumerate() {
        while let Some(log) = own.next_if(|log| log.position <= position) {
            logs.extend(with_log.then(|| convert_log(log, next_log)));
        }
        if config.only_top_call != Some(true) {
            calls.push(convert(inner, config, alive, next_log));
        }
    }
    for log in own {
        logs.extend(with_log.then(|| convert_log(log, next_log)));
    }
    CallFrame {
        from: frame.from,
        gas: U256::from(frame.gas),
        gas_used: U256::from(frame.gas_used),
        to: frame
            .to
            .or((frame.kind == FrameKind::Call).then_some(Address::ZERO)),
        input: frame.input,
        output: (!frame.output.is_empty()).then_some(frame.output),
        error: frame.error,
        revert_reason,
        calls,
        logs,
        value: (frame.kind != FrameKind::StaticCall).then_some(frame.value),
        typ: type_name(frame.kind).to_owned(),
        ..CallFrame::default()
    }
}

fn convert_log(log: crate::vm::FrameLog, next_log: &mut u64) -> CallLogFrame {
    let index = *next_log;
    *next_log += 1;
    CallLogFrame {
        address: Some(log.log.address),
        topics: Some(log.log.topics().to_vec()),
        data: Some(log.log.data.data.clone()),
        position: Some(log.position as u64),
        index: Some(index),
    }
}

fn type_name(kind: FrameKind) -> &'static str {
    match kind {
        FrameKind::Call => "CALL",
        FrameKind::CallCode => "CALLCODE",
        FrameKind::DelegateCall => "DELEGATECALL",
        FrameKind::StaticCall => "STATICCALL",
        FrameKind::Create => "CREATE",
        FrameKind::Create2 => "CREATE2",
    }
}
