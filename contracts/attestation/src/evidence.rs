//! Signatures, and what two of them prove.

use alloy_primitives::{Address, B256, U256, address};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IAttestation::{BadSignature, Equivocation, slashCall},
    IHub,
};
use weir_protocol::services::attestation::{
    Evidence, Signed, convict, digest, domain_separator, evidence_hash, is_low_s,
};
use weir_shell::{Outcome, call, log};

use crate::{
    layout::{self, Store},
    or,
};

const ECRECOVER: Address = address!("0000000000000000000000000000000000000001");

/// Gas for `ecrecover`, which takes 3,000.
const ECRECOVER_GAS: u64 = 10_000;

/// Files the slash of who signed twice. The hub refuses what is too old, over the cap, or of a vault or an operator that
/// is not in; then nothing is kept here either.
pub fn slash(vm: &VM, call: slashCall) -> Outcome<u64> {
    let slashCall {
        operator,
        height,
        payloadA: payload_a,
        signatureA: signature_a,
        payloadB: payload_b,
        signatureB: signature_b,
    } = call;
    let (digest_a, key_a) = recover(vm, operator, height, payload_a, &signature_a)?;
    let (digest_b, key_b) = recover(vm, operator, height, payload_b, &signature_b)?;
    let signed = |payload, key| Signed { payload, key };
    let evidence = Evidence {
        operator,
        height,
        first: signed(payload_a, key_a),
        second: signed(payload_b, key_b),
    };
    let offence_epoch = or(convict(&mut Store(vm), &layout::rules(vm), &evidence))?;
    let ((hub, service), (vault, wad)) = (layout::hub(vm), layout::vault(vm));
    let evidence = evidence_hash((digest_a, &signature_a), (digest_b, &signature_b));
    let filing = IHub::fileCall {
        vault,
        service,
        operator,
        wad,
        offenceEpoch: offence_epoch,
        evidence,
    };
    let (id,) = call::act(vm, hub, filing)?;
    log!(vm, Equivocation [operator, height, id] {
        finder: vm.msg_sender(), payloadA: payload_a, payloadB: payload_b, evidence,
    });
    Ok(id)
}

/// What `operator` would have signed, and whose signature it is; the zero address if it is nobody's.
///
/// # Errors
/// `BadSignature` unless it is 65 bytes with the lower s and v of 27 or 28, so that each has one form only.
pub fn recover(
    vm: &VM,
    operator: Address,
    height: u64,
    payload: B256,
    signature: &[u8],
) -> Outcome<(B256, Address)> {
    let separator = domain_separator(vm.chain_id(), vm.contract_address());
    let digest = digest(separator, operator, layout::domain(vm), height, payload);
    let parts = (
        signature.get(..32).map(B256::from_slice),
        signature.get(32..64).map(B256::from_slice),
        signature.get(64..),
    );
    let (Some(r), Some(s), Some([v @ (27 | 28)])) = parts else {
        let signature = signature.to_vec().into();
        return Err(BadSignature { signature }.into());
    };
    if !is_low_s(s) {
        let signature = signature.to_vec().into();
        return Err(BadSignature { signature }.into());
    }
    let question = [digest, U256::from(*v).into(), r, s].concat();
    let answer = call::word(vm, ECRECOVER, ECRECOVER_GAS, &question);
    Ok((
        digest,
        Address::from_word(answer.unwrap_or_default().into()),
    ))
}
