use std::sync::Arc;

use leptos::nonce::use_nonce;
use leptos::prelude::*;

use crate::Site;

/// Hydrates the islands of a page. Pages without islands leave it out and load no WASM.
#[component]
pub(crate) fn HydrateIslands() -> impl IntoView {
    let site: Arc<Site> = expect_context();
    let nonce = use_nonce();
    let script = format!(
        "import*as p from{script:?};\
         p.default({{module_or_path:{wasm:?}}}).then(()=>{{p.hydrate();\
         for(const i of document.querySelectorAll('leptos-island'))p[i.dataset.component]?.(i)}})",
        script = site.assets.script,
        wasm = site.assets.wasm,
    );
    view! {
        <link
            rel="preload"
            href=site.assets.wasm.clone()
            r#as="fetch"
            r#type="application/wasm"
            crossorigin=""
        />
        <script type="module" nonce=nonce inner_html=script></script>
    }
}
