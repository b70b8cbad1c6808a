//! `hengping serve`: the site.

use super::Failure;
use crate::config::{Config, Flags};
use crate::digests;
use crate::http::{Door, Rates, router};
use crate::listen::{Bounds, serve};
use crate::log::{Forward, begin};
use crate::start::{StartError, open_app, open_store};
use service::{App, Policy};
use std::sync::Arc;
use std::time::Duration;

/// Within which the last of the log is sent on when the program stops.
const PARTING: Duration = Duration::from_secs(5);

/// Serves until it is asked to stop. On the first start it prints the links of the three administrators.
///
/// # Errors
/// `Broken` if the installation cannot be opened or nobody can be listened to.
pub async fn run(flags: &Flags) -> Result<String, Failure> {
    let config = Config::read(flags)?;
    let to_send = begin(config.log);
    config.require_private()?;
    let app = open_app(&config, open_store(&config).await?, Policy::Strict).await?;
    if service::account::is_demonstration(&app).await.map_err(|error| Failure::broken(&error))? {
        return Err(StartError::Demonstration.into());
    }
    let gone = service::audit::watch_guards(&app).await.map_err(|error| Failure::broken(&error))?;
    if !gone.is_empty() {
        tracing::error!(guards = ?gone, "the triggers that keep the audit were gone");
    }
    let links = service::account::open_setup_links(&app).await.map_err(|error| Failure::broken(&error))?;
    if !links.is_empty() {
        println!("首次设置：请把下列一次性链接分别交给三个人，各自建立账号（三员分立）");
    }
    for (role, link) in links {
        println!("  {role}：{}/set-up?key={}", config.address(), link.as_str());
    }
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let sending = config.log_target()?.map(|target| {
        let forward = Forward::new(app.clone(), target, &config.data, to_send);
        tokio::spawn(forward.run(stopped))
    });
    let ended = listen(&config, app).await;
    if let Some(sending) = sending {
        let _ = stop.send(());
        // The last rows are about people who were answered a moment ago.
        let _ = tokio::time::timeout(PARTING, sending).await;
    }
    ended?;
    Ok(String::new())
}

pub(super) async fn listen(config: &Config, app: Arc<App>) -> Result<(), StartError> {
    config.require_private()?;
    let site = |error| StartError::Site(config.site.display().to_string(), error);
    let door = Door { app: app.clone(), proxies: config.proxies.clone().into(), rates: Rates::default() };
    let router = router(door, &config.site, config.listen.address()).map_err(site)?;
    let failed = |error| StartError::Listen(config.listen.clone(), error);
    let listener = config.listen.open().await.map_err(failed)?;
    println!("衡评已启动：{}", config.address());
    let daily = tokio::spawn(digests::keep(app, config.data.join(digests::FOLDER)));
    serve(listener, router, Bounds::default(), stop()).await;
    daily.abort();
    Ok(())
}

/// Until the console or the service manager asks to stop.
async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
