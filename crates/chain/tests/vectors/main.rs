//! Runs a file of cases that Nitro's own Stylus engine answered, and compares every figure.
//!
//! The file is not part of the project. Where `WEIR_STYLUS_VECTORS` names it, this test runs it and prints how many
//! calls are equal; else it says so. The project's own cases, with figures that follow from the same rules, are in the
//! `conformance` test and always run.

mod harness;

use std::collections::BTreeMap;

use alloy_primitives::{Address, Bytes, U256, hex};
use harness::{Chain, hostios, programs};
use revm::{context::result::ExecutionResult, precompile::hash::sha256_run};
use serde_json::{Value, json};
use weir_chain::vm::{Activation, Trace, activate, open};

#[test]
fn answers_equal_those_of_nitro() {
    let Some(path) = std::env::var_os("WEIR_STYLUS_VECTORS") else {
        eprintln!(
            "WEIR_STYLUS_VECTORS is not set: Nitro's answers are not compared, only the project's own cases run"
        );
        return;
    };
    let file =
        std::fs::read(&path).unwrap_or_else(|e| panic!("cannot read {}: {e}", path.display()));
    let file: Value = serde_json::from_slice(&file).expect("the vectors are JSON");

    let mut differences = Vec::new();
    let mut groups: BTreeMap<String, [usize; 4]> = BTreeMap::new();
    for vector in list(&file["vectors"]) {
        let name = text(&vector["name"]);
        let before = differences.len();
        let (equal, calls) = if vector["result"].is_null() {
            compare_calls(vector, &mut differences)
        } else {
            compare_activation(name, vector, &mut differences);
            (0, 0)
        };
        let group = groups.entry(text(&vector["group"]).to_owned()).or_default();
        group[0] += usize::from(differences.len() == before);
        group[1] += 1;
        group[2] += equal;
        group[3] += calls;
    }

    let mut sum = [0; 4];
    for (group, counts) in &groups {
        eprintln!(
            "{group}: {} of {} cases, {} of {} calls equal",
            counts[0], counts[1], counts[2], counts[3]
        );
        (0..4).for_each(|i| sum[i] += counts[i]);
    }
    eprintln!(
        "all: {} of {} cases, {} of {} calls equal",
        sum[0], sum[1], sum[2], sum[3]
    );
    for difference in &differences {
        eprintln!("{difference}");
    }
    assert!(
        differences.is_empty(),
        "{} differences from Nitro",
        differences.len()
    );
}

fn compare_activation(name: &str, vector: &Value, differences: &mut Vec<String>) {
    let wasm = match vector.get("container") {
        Some(code) => open(&hex::decode(text(code)).expect("hex")),
        None => Ok(hex::decode(text(&vector["wasm"])).expect("hex")),
    };
    let limit = vector["page_limit"].as_u64().unwrap_or(128) as u16;
    let ours = wasm.and_then(|wasm| activate(&wasm, limit));
    match (&vector["result"].get("accepted"), ours) {
        (Some(theirs), Ok((ours, _))) => differ(
            differences,
            name,
            "activation",
            theirs,
            &activation_json(&ours),
        ),
        (None, Err(_)) => {}
        (Some(_), Err(error)) => {
            differences.push(format!("{name}: Nitro admits it, we refuse: {error}"))
        }
        (None, Ok(_)) => differences.push(format!(
            "{name}: Nitro refuses it ({}), we admit",
            vector["result"]
        )),
    }
}

// Returns how many calls are equal in everything, of how many.
fn compare_calls(vector: &Value, differences: &mut Vec<String>) -> (usize, usize) {
    let name = text(&vector["name"]);
    let mut chain = Chain::new();
    for contract in list(&vector["contracts"]) {
        let at = address(&contract["address"]);
        let balance = contract.get("balance").map(word).unwrap_or_default();
        if contract["kind"] == "stylus" {
            let wasm = hex::decode(text(&contract["wasm"])).expect("hex");
            let activation = chain.install_program(at, &wasm, balance);
            differ(
                differences,
                name,
                "activation",
                &contract["activation"],
                &activation_json(&activation),
            );
        } else {
            chain.install(at, bytes(&contract["code"]), balance);
        }
        for (slot, value) in contract
            .get("storage")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            chain
                .db
                .insert_account_storage(at, slot.parse().expect("a slot"), word(value))
                .expect("no database error");
        }
    }

    let mut equal = 0;
    let calls = list(&vector["calls"]);
    for (index, (call, expect)) in calls.iter().zip(list(&vector["expect"])).enumerate() {
        if call["new_block"].as_bool().unwrap_or(true) {
            chain.vm.start_block();
        }
        chain.set_cached(call["cached"].as_bool().unwrap_or(false));
        let gas = call["gas"].as_u64().expect("a gas limit");
        let value = call.get("value").map(word).unwrap_or_default();
        let (result, trace) = chain.send(address(&call["to"]), bytes(&call["data"]), gas, value);

        let before = differences.len();
        let label = format!("{name} call {index}");
        let ours = call_json(&result, &trace, gas, expect);
        for (key, theirs) in expect.as_object().expect("an object") {
            differ(
                differences,
                &label,
                key,
                &without_messages(theirs),
                &ours[key],
            );
        }
        equal += usize::from(differences.len() == before);
    }
    for (at, post) in vector["post"].as_object().into_iter().flatten() {
        let at: Address = at.parse().expect("an address");
        let account = chain.db.cache.accounts.get(&at);
        let balance = account
            .map(|account| account.info.balance)
            .unwrap_or_default();
        differ(
            differences,
            name,
            "balance",
            &post["balance"],
            &json!(format!("{balance:#x}")),
        );
        let ours = account
            .into_iter()
            .flat_map(|account| &account.storage)
            .filter(|(_, value)| !value.is_zero());
        let ours: BTreeMap<U256, U256> = ours.map(|(slot, value)| (*slot, *value)).collect();
        let theirs = post["storage"].as_object().into_iter().flatten();
        let theirs = theirs.map(|(slot, value)| (slot.parse().expect("a slot"), word(value)));
        let theirs: BTreeMap<U256, U256> = theirs.filter(|(_, value)| !value.is_zero()).collect();
        differ(differences, name, "storage", &json!(theirs), &json!(ours));
    }
    (equal, calls.len())
}

// The words of a failure are the engine's own; only what becomes of it counts.
fn without_messages(theirs: &Value) -> Value {
    let mut theirs = theirs.clone();
    for program in theirs.as_array_mut().into_iter().flatten() {
        if let Some(program) = program.as_object_mut() {
            program.remove("message");
        }
    }
    theirs
}

fn differ(differences: &mut Vec<String>, name: &str, what: &str, theirs: &Value, ours: &Value) {
    if theirs != ours {
        differences.push(format!(
            "{name}: {what}\n    Nitro {theirs}\n    ours  {ours}"
        ));
    }
}

fn activation_json(activation: &Activation) -> Value {
    json!({
        "wasm_len": activation.wasm_len,
        "init_cost": activation.init_cost,
        "cached_init_cost": activation.cached_init_cost,
        "footprint": activation.footprint,
        "asm_estimate": activation.asm_estimate,
        "engine_gas": activation.engine_gas,
    })
}

fn call_json(result: &ExecutionResult, trace: &Trace, gas: u64, expect: &Value) -> Value {
    let (status, halt) = match result {
        ExecutionResult::Success { .. } => ("success", None),
        ExecutionResult::Revert { .. } => ("revert", None),
        ExecutionResult::Halt { reason, .. } => ("halt", Some(format!("{reason:?}"))),
    };
    let output = result.output().cloned().unwrap_or_default();
    let logs = if result.is_success() {
        result.logs()
    } else {
        &[]
    };
    let logs: Vec<Value> = logs
        .iter()
        .map(|log| json!({"address": log.address.to_string().to_lowercase(), "topics": log.topics(), "data": log.data.data}))
        .collect();
    let programs: Vec<Value> = programs(trace)
        .into_iter()
        .map(|(depth, frame, program)| {
            json!({
                "depth": depth,
                "address": format!("{:?}", frame.to.expect("a called frame")).to_lowercase(),
                "call_cost": program.entry_gas,
                "cached": program.cached,
                "start_ink": program.start_ink,
                "end_ink": program.end_ink,
                "outcome": program.outcome.replace(' ', "_"),
            })
        })
        .collect();
    let hostios = hostios(trace);
    let mut totals: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (_, name, ink) in &hostios {
        let total = totals.entry(name).or_default();
        *total = (total.0 + 1, total.1 + ink);
    }
    let intrinsic = gas - trace.root.as_ref().map_or(0, |root| root.gas);
    let long = !expect["output_len"].is_null();
    json!({
        "status": status,
        "halt": halt,
        "gas_used": result.tx_gas_used(),
        "gas_refunded": result.gas().inner_refunded(),
        "output": if long { Value::Null } else { json!(output) },
        "output_len": output.len(),
        "output_sha256": sha256(&output),
        "output_head": format!("0x{}", hex::encode(&output[..output.len().min(64)])),
        "logs": logs,
        "intrinsic_gas": intrinsic,
        "programs": programs,
        "hostio_ink": hostios.iter().take(24).collect::<Vec<_>>(),
        "hostio_totals": totals,
    })
}

fn sha256(data: &[u8]) -> String {
    hex::encode(sha256_run(data, u64::MAX).expect("enough gas").bytes)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn bytes(value: &Value) -> Bytes {
    text(value).parse().expect("hex")
}

fn word(value: &Value) -> U256 {
    text(value).parse().expect("a number")
}

fn address(value: &Value) -> Address {
    text(value).parse().expect("an address")
}
