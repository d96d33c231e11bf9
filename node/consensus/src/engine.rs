//! Start the engine, run it, and end everything that was started.

use crate::application::Application;
use crate::config::Config;
use crate::context::{Address, Scheme, Tongda, Validators};
use crate::error::{EngineError, fault};
use crate::hold::Hold;
use crate::host::{Host, StreamNames};
use crate::identity::key_pair;
use crate::judge::Judge;
use crate::listener::Listener;
use crate::observed::Observed;
use crate::prevotes::Prevotes;
use crate::settings::Settings;
use crate::signing::{KeySigner, StrictVerifier};
use crate::stream::Streams;
use crate::tamper::Tamper;
use crate::undecided::Undecided;
use crate::vote_log::{self, VoteLog};
use crate::wire::Wire;
use malachitebft_app_channel::app::engine::network::NetworkMsg;
use malachitebft_app_channel::app::engine::util::events::{Event, RxEvent};
use malachitebft_app_channel::app::metrics::SharedRegistry;
use malachitebft_app_channel::app::types::codec::Codec as _;
use malachitebft_app_channel::app::types::core::SigningScheme as _;
use malachitebft_app_channel::app::wal::Log;
use malachitebft_app_channel::{
    Channels, ConsensusContext, EngineBuilder, EngineHandle, NetworkIdentity, RequestContext, SyncContext,
    spawn::spawn_network_actor,
};
use malachitebft_signing::Signer as _;
use ractor::Actor;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::mpsc;
use tongda_ledger::vote;

/// How long an ending part of the engine is waited for before it is killed.
const PATIENCE: Duration = Duration::from_secs(3);

/// The running engine.
struct Running {
    channels: Channels<Tongda>,
    handle: EngineHandle,
    events: RxEvent<Tongda>,
    /// What broke the vote log.
    broken: Arc<OnceLock<String>>,
}

/// Runs the engine until `shutdown` completes or something is broken.
pub(crate) async fn run<A: Application>(
    config: Config,
    mut application: A,
    tamper: Option<Tamper>,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), EngineError> {
    let start = application.start().await.map_err(fault("begin"))?;
    if start.height == 0 {
        return Err(EngineError::Config("heights begin at 1".into()));
    }
    let settings = Settings::new(&config, start.validators.validators().len())?;
    let validators = Validators::new(start.validators);
    let hold = Arc::new(Hold::new(config.network, start.height, validators.clone()));
    let wire = Wire::new(Arc::clone(&hold));
    #[cfg(feature = "adversary")]
    let wire = Wire { deaf_to: tamper.as_ref().and_then(|tamper| tamper.deaf_to), ..wire };
    let vote_log = open_vote_log(&config, start.height, &wire).await?;
    let undecided = Undecided::open(&config.directory.join("undecided"), start.height)?;
    let prevotes = Arc::new(Prevotes::default());
    let (observed, mut observations) = mpsc::channel(256);
    let started = start_engine(&config, settings, &wire, vote_log, Arc::clone(&prevotes), observed).await;
    let Running { channels, handle, mut events, broken } =
        started.map_err(|error| EngineError::Config(format!("{error:#}")))?;
    let Channels { mut consensus, network: outgoing, net_requests: requests, .. } = channels;
    let me = config.vote_key.as_ref().map(|key| vote::Address::of(&key.public()));
    let work = application.work();
    let judge =
        Judge::new(config.network, me, config.limits.clone(), validators, prevotes, undecided, start.height);
    let mut host = Host {
        application,
        network: config.network,
        vote_key: config.vote_key,
        streams: Streams::new(config.limits.clone()),
        limits: config.limits,
        timeouts: config.timeouts,
        peers: config.peers,
        judge,
        hold,
        work,
        outgoing,
        requests,
        names: StreamNames::new(),
        waiting: None,
        tamper,
    };
    tokio::pin!(shutdown);
    let result = loop {
        tokio::select! {
            biased;
            () = &mut shutdown => break Ok(()),
            question = consensus.recv() => match question {
                Some(question) => if let Err(error) = host.answer(question).await {
                    break Err(error);
                },
                None => break Err(EngineError::Ended(why_it_ended(&broken, &mut events))),
            },
            Some(observed) = observations.recv() => host.application.observe(observed),
        }
    };
    // Whatever the engine still asks gets no answer, so that no part of it waits for one.
    drop(consensus);
    drop(host);
    end(handle).await;
    result
}

/// Opens the vote log of a validator. An observer has none, and leaves alone what it voted when it had a vote.
async fn open_vote_log(config: &Config, height: u64, wire: &Wire) -> Result<Option<Log>, EngineError> {
    if config.vote_key.is_none() {
        return Ok(None);
    }
    let directory = config.directory.join("wal");
    std::fs::create_dir_all(&directory).map_err(|error| EngineError::File {
        doing: "making",
        path: directory.clone(),
        error,
    })?;
    vote_log::open(&directory.join("votes"), height, wire).await.map(Some)
}

type Report = Box<dyn std::error::Error + Send + Sync>;

async fn start_engine(
    config: &Config,
    settings: Settings,
    wire: &Wire,
    vote_log: Option<Log>,
    prevotes: Arc<Prevotes>,
    observed: mpsc::Sender<Observed>,
) -> Result<Running, Report> {
    let identity = network_identity(config, wire).await?;
    let registry = SharedRegistry::global().with_moniker(settings.moniker.as_str());
    let (network, outgoing) =
        spawn_network_actor(identity, &settings.consensus, &settings.sync, &registry, wire.clone()).await?;
    let listener = Listener { network: config.network, hold: Arc::clone(&wire.hold), observed };
    let (listener, _) = Actor::spawn(None, listener, ()).await?;
    let broken = Arc::new(OnceLock::new());
    let me = config.vote_key.as_ref().map(|key| vote::Address::of(&key.public()));
    let actor = VoteLog { me, wire: wire.clone(), broken: Arc::clone(&broken) };
    let (vote_log, _) = Actor::spawn(None, actor, vote_log).await?;
    let built = async {
        network.cast(NetworkMsg::Subscribe(Box::new(listener.clone())))?;
        let verifier = Box::new(StrictVerifier { network: config.network, prevotes });
        let consensus = match &config.vote_key {
            Some(key) => {
                let address = Address(vote::Address::of(&key.public()));
                let signer = Box::new(KeySigner { network: config.network, key: key.clone() });
                ConsensusContext::new_validator(address, verifier, signer)
            }
            None => {
                let address = Address(vote::Address::of(&config.network_key.public()));
                ConsensusContext::new_full_node(address, verifier)
            }
        };
        let built = EngineBuilder::new(Tongda, settings)
            .with_custom_wal(vote_log.clone())
            .with_custom_network(network.clone(), outgoing)
            .with_default_sync(SyncContext::new(wire.clone()))
            .with_default_consensus(consensus)
            .with_default_request(RequestContext::new(100))
            .build()
            .await?;
        Ok::<_, Report>(built)
    };
    match built.await {
        Ok((channels, handle)) => {
            listener.link(handle.actor.get_cell());
            let events = channels.events.subscribe();
            Ok(Running { channels, handle, events, broken })
        }
        Err(error) => {
            listener.stop(None);
            vote_log.stop(None);
            let _ = network.stop_and_wait(None, Some(PATIENCE)).await;
            Err(error)
        }
    }
}

/// The network identity; a validator's carries the proof that it owns its vote key.
async fn network_identity(config: &Config, wire: &Wire) -> Result<NetworkIdentity, Report> {
    let pair = key_pair(&config.network_key);
    let Some(key) = &config.vote_key else {
        return Ok(NetworkIdentity::new(config.moniker.clone(), pair, None));
    };
    let signer = KeySigner { network: config.network, key: key.clone() };
    let public = Scheme::encode_public_key(&key.public());
    let proof = signer.sign_validator_proof(public, pair.public().to_peer_id().to_bytes()).await?;
    let address = vote::Address::of(&key.public()).to_string();
    Ok(NetworkIdentity::new_validator(config.moniker.clone(), pair, address, wire.encode(&proof)?))
}

/// Ends the engine: first its parts, then what watches over them.
async fn end(handle: EngineHandle) {
    let EngineHandle { actor, handle } = handle;
    actor.get_cell().stop_children_and_wait(Some("the node ends".into()), Some(PATIENCE)).await;
    if actor.stop_and_wait(None, Some(PATIENCE)).await.is_err() {
        actor.kill();
    }
    let _ = tokio::time::timeout(PATIENCE, handle).await;
}

/// The last thing that the engine reported before it ended.
fn why_it_ended(broken: &OnceLock<String>, events: &mut RxEvent<Tongda>) -> String {
    use tokio::sync::broadcast::error::TryRecvError;
    if let Some(broken) = broken.get() {
        return broken.clone();
    }
    let mut why = None;
    loop {
        match events.try_recv() {
            Ok(Event::WalCorrupted(error)) => why = Some(format!("its vote log is damaged: {error}")),
            Ok(Event::WalReplayError(error)) => {
                why = Some(format!("its vote log cannot be replayed: {error}"))
            }
            Ok(Event::WalResetError(error)) => why = Some(format!("its vote log cannot be begun: {error}")),
            Ok(_) | Err(TryRecvError::Lagged(_)) => {}
            Err(TryRecvError::Empty | TryRecvError::Closed) => break,
        }
    }
    why.unwrap_or_else(|| "the log tells more".into())
}
