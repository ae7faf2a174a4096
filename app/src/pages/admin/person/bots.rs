use backend::AdminPersonView;
use leptos::prelude::*;

use crate::components::AdminTab;
use crate::i18n;
use crate::localize::platform_name;

/// The bots that the person owns.
#[component]
pub(super) fn BotsCard<'a>(
    file: &'a AdminPersonView,
    /// Whether the list of bots is linked.
    links_bots: bool,
) -> impl IntoView + use<> {
    let bots: Vec<_> = file
        .bots
        .iter()
        .map(|bot| {
            let state = if bot.is_active {
                i18n::person_bot_active(platform_name(&bot.platform))
            } else {
                i18n::person_bot_off(platform_name(&bot.platform))
            };
            view! {
                <li>
                    <div>
                        <strong>
                            <bdi>{bot.name.clone()}</bdi>
                        </strong>
                        <p>{state}</p>
                    </div>
                </li>
            }
        })
        .collect();
    view! {
        <section class="card" aria-labelledby="bots-title">
            <div class="card-header">
                <h2 id="bots-title">{i18n::person_bots()}</h2>
                <p>
                    {i18n::person_bots_text()}
                </p>
            </div>
            <ul class="list">{bots}</ul>
            {links_bots
                .then(|| {
                    view! {
                        <div class="card-footer">
                            <a class="button button-secondary" href=AdminTab::Bots.path()>
                                {i18n::person_bots_link()}
                            </a>
                        </div>
                    }
                })}
        </section>
    }
}
