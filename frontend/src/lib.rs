//! The browser's entry: it makes the islands of a server-rendered page interactive, and nothing else.

use ui as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the hydration script once the wasm module has loaded.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
