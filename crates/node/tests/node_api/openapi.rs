//! The document of the API is the one in `docs/`.

use std::path::Path;

#[test]
fn the_document_is_the_one_that_is_kept() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/node-openapi.json");
    let now = weir_node::api::openapi();
    if std::env::var_os("WEIR_BLESS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == now,
        "{} is of another version of the API: WEIR_BLESS=1 cargo test --workspace --test node_api openapi",
        path.display()
    );
}
