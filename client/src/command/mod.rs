//! The command `tongda`: one file a noun, each turning what is typed into an act or a question.

mod act;
mod agency;
mod attribute;
mod audit;
mod caller;
mod case;
mod certificate;
mod consent;
mod consortium;
mod contribution;
mod credit;
mod dependents;
mod disclose;
mod event;
mod failure;
mod finance;
mod funding;
mod governance;
mod implement;
mod key;
mod language;
mod licence;
mod listing;
mod matching;
mod may_i;
mod member;
mod next;
mod open;
mod open_source;
mod options;
mod party;
mod patent;
mod pledge;
mod pool;
mod portfolio;
mod product;
mod proven;
mod push_proofs;
mod receipt;
mod risk;
mod royalty;
mod show;
mod standard;
mod statistics;
mod status;
mod stock;
mod submit;
mod technical_contract;
#[cfg(test)]
mod tests;
mod trade;
mod transfer;
mod trust;
mod valuation;
mod value;
mod verify;

use act::ActCommand;
use caller::Caller;
use clap::{CommandFactory as _, Parser, Subcommand};
use failure::{EXIT_CODES, Exit, Failure};
use options::Options;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;
use tongda_ledger::state::{
    CreditEntry, Declaration, DisputeCase, Instrument, Licence, Member, OpenNotice, Party, Patent, Pending,
    Pledge, Transfer, Valuation,
};

/// 通达：知识产权交易机构共同的账本 · The ledger that intellectual-property exchanges run together
///
/// Every act is asked about first, then signed and sent; `tongda may-i …` only asks. Patents are named by number or by
/// id. `tongda help exit-codes` lists how a command ends.
#[derive(Parser, Debug)]
#[command(name = "tongda", version, propagate_version = true, disable_help_subcommand = false)]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// 密钥文件 · Key files
    #[command(subcommand)]
    Key(key::KeyVerb),
    /// 成员 · Members
    #[command(subcommand)]
    Member(member::MemberVerb),
    /// 委托代理 · Powers of attorney
    #[command(subcommand)]
    Agency(agency::AgencyAct),
    /// 权利人 · Parties: owners as the register names them
    #[command(subcommand)]
    Party(party::PartyVerb),
    /// 专利 · Patents
    #[command(subcommand)]
    Patent(patent::PatentVerb),
    /// 开放许可 · Open licences
    #[command(subcommand)]
    Open(open::OpenVerb),
    /// 实施许可 · Licences
    #[command(subcommand)]
    Licence(licence::LicenceVerb),
    /// 转让 · Transfers
    #[command(subcommand)]
    Transfer(transfer::TransferVerb),
    /// 质押 · Pledges
    #[command(subcommand)]
    Pledge(pledge::PledgeVerb),
    /// 使用费 · Royalties
    #[command(subcommand)]
    Royalty(royalty::RoyaltyAct),
    /// 出资 · Contributions of patents
    #[command(subcommand)]
    Contribute(contribution::ContributeAct),
    /// 价值评估 · Valuations
    Valuation(valuation::ValuationVerb),
    /// 基金 · Funds
    #[command(subcommand)]
    Fund(risk::FundAct),
    /// 风险补偿 · Risk compensation
    #[command(subcommand)]
    Risk(risk::RiskAct),
    /// 知识产权金融 · Finance instruments
    #[command(subcommand)]
    Finance(finance::FinanceVerb),
    /// 授信与信用监管 · Loan lines and the credit supervision
    #[command(subcommand)]
    Credit(credit::CreditVerb),
    /// 纠纷 · Disputes
    #[command(subcommand)]
    Case(case::CaseVerb),
    /// 专利实施 · Implementation: who works a patent
    #[command(subcommand)]
    Implement(implement::ImplementAct),
    /// 技术合同 · Technical contracts
    #[command(subcommand, name = "techcontract")]
    TechnicalContract(technical_contract::TechnicalContractAct),
    /// 技术进出口 · Trade in technology across the border
    #[command(subcommand)]
    Trade(trade::TradeAct),
    /// 存量专利 · The stock of patents that wait to be used
    #[command(subcommand)]
    Stock(stock::StockAct),
    /// 支持措施 · Measures that support patents of the stock
    #[command(subcommand)]
    Support(stock::SupportAct),
    /// 匹配推送与反馈 · Patents pushed to enterprises, and their feedback
    #[command(subcommand)]
    Match(matching::MatchAct),
    /// 技术需求 · Demands: what enterprises look for
    #[command(subcommand)]
    Demand(matching::DemandAct),
    /// 挂牌 · Listings: patents offered at an exchange
    #[command(subcommand)]
    Listing(listing::ListingAct),
    /// 路演与对接活动 · Roadshows and meetings of supply and demand
    #[command(subcommand)]
    Event(event::EventAct),
    /// 专利池 · Patent pools
    #[command(subcommand)]
    Pool(pool::PoolAct),
    /// 高价值专利组合 · High-value patent portfolios
    #[command(subcommand)]
    Portfolio(portfolio::PortfolioAct),
    /// 创新联合体 · Innovation consortia
    #[command(subcommand)]
    Consortium(consortium::ConsortiumAct),
    /// 专利开源 · Open source: patents pledged to everybody
    #[command(subcommand, name = "opensource")]
    OpenSource(open_source::OpenSourceAct),
    /// 标准必要专利 · Patents essential to standards
    #[command(subcommand, name = "sep")]
    Standard(standard::StandardAct),
    /// 待同意的行为 · Acts that wait for consents
    #[command(subcommand)]
    Consent(consent::ConsentVerb),
    /// 专利产品 · Patented products
    #[command(subcommand)]
    Product(product::ProductAct),
    /// 财政资助 · Patents made with public funds
    #[command(subcommand)]
    Funding(funding::FundingAct),
    /// 收益分配 · Income and its distribution
    #[command(subcommand)]
    Income(funding::IncomeAct),
    /// 尽职证据 · Evidence of diligence
    #[command(subcommand)]
    Assessment(funding::AssessmentAct),
    /// 招标与资金公告 · Notices of tenders and of outlays
    #[command(subcommand)]
    Tender(funding::TenderAct),
    /// 网络参数与表决 · Parameters of the network, and votes
    #[command(subcommand)]
    Parameter(governance::ParameterAct),
    /// 网络节点 · Nodes of the network
    #[command(subcommand)]
    Validator(governance::ValidatorAct),
    /// 统计 · Statistics
    #[command(subcommand)]
    Statistic(statistics::StatisticAct),
    /// 地方报告 · Regional reports
    #[command(subcommand)]
    Report(statistics::ReportAct),
    /// 项目 · Projects and their results
    #[command(subcommand)]
    Project(statistics::ProjectAct),
    /// 锚定外部摘要（交易机构） · Anchor an external hash in the log; by an exchange
    Anchor(Box<statistics::Anchor>),
    /// 案例与名单公布 · Published cases and lists
    #[command(subcommand)]
    CasePublication(statistics::CasePublicationAct),
    /// 试询：某行为是否允许，不签名 · Ask whether an act would be allowed; nobody signs
    #[command(subcommand, name = "may-i")]
    MayI(may_i::Question),
    /// 在文件上加签 · Add a signature to a file that --out made
    Sign {
        /// 文件 · The file
        file: PathBuf,
        /// 以所登记的新密钥签名 · Sign as a new key that the act names
        #[arg(long)]
        applicant: bool,
    },
    /// 发送已签名的文件 · Send the envelope of a file
    Send {
        /// 文件 · The file
        file: PathBuf,
    },
    /// 出示摘要所指的原文或者数额，并核对 · Disclose what a salted digest stands for, and check a disclosure; offline
    #[command(subcommand)]
    Disclose(disclose::DiscloseVerb),
    /// 回执：记录已在日志之中的证明 · Receipts: proofs that records stand in the log
    #[command(subcommand)]
    Receipt(receipt::ReceiptVerb),
    /// 证明：截至某一检查点，何者成立、何者不成立 · Certificates: what holds and what does not, as of a checkpoint
    Certificate(certificate::Certificate),
    /// 离线核验证明、回执、证据 · Verify a certificate, a receipt or evidence; offline, from the genesis file alone
    Verify(verify::Verify),
    /// 自创世起核验整部日志 · Audit a whole log from the genesis on, believing nothing that is read
    Audit(Box<audit::AuditCommand>),
    /// 节点与网络的状况 · How the node and its network are
    Status {
        /// 比较全部节点 · Compare all nodes of the network
        #[arg(long)]
        all: bool,
    },
    /// 日志中的记录 · Entries of the log
    #[command(subcommand)]
    Record(RecordVerb),
    /// 退出码 · How a command ends
    #[command(name = "exit-codes", long_about = EXIT_CODES)]
    ExitCodes,
    /// 命令补全脚本 · Completions for a shell
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
}

/// What is read of the log.
#[derive(Subcommand, Debug)]
enum RecordVerb {
    /// 查看 · Show an entry by log index, R-… id or envelope id
    Show {
        /// 日志序号、编号或者记录摘要 · Log index, R-… id or envelope id
        record: String,
    },
}

/// Reads the command line, runs the command, and ends with the exit code that says how it went.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("the program cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    ExitCode::from(runtime.block_on(run(cli)) as u8)
}

/// Runs the command and prints what came of it.
async fn run(cli: Cli) -> Exit {
    let json = cli.options.json;
    let language = cli.options.lang.unwrap_or_else(language::Language::of_environment);
    let failure = match Caller::new(cli.options) {
        Ok(caller) => match dispatch(&caller, cli.command).await {
            Ok(()) => return Exit::Done,
            Err(failure) => failure,
        },
        Err(failure) => failure,
    };
    let exit = failure.exit();
    match failure {
        Failure::Told(_) => {}
        failure if json => {
            let report = json!({ "outcome": exit.word(), "message": failure.message(), "refusals": failure.refusals() });
            println!("{}", serde_json::to_string_pretty(&report).expect("a report has a JSON form"));
        }
        failure => eprintln!("{}", failure.text(language)),
    }
    exit
}

async fn dispatch(caller: &Caller, command: Command) -> Result<(), Failure> {
    let act = match command {
        Command::Key(verb) => return key::run(caller, &verb),
        Command::Member(member::MemberVerb::Read(verb)) => return verb.run::<Member>(caller).await,
        Command::Party(party::PartyVerb::Read(verb)) => return verb.run::<Party>(caller).await,
        Command::Open(open::OpenVerb::Read(verb)) => return verb.run::<Declaration>(caller).await,
        Command::Open(open::OpenVerb::Notices(verb)) => return verb.run::<OpenNotice>(caller).await,
        Command::Licence(licence::LicenceVerb::Read(verb)) => return verb.run::<Licence>(caller).await,
        Command::Transfer(transfer::TransferVerb::Read(verb)) => return verb.run::<Transfer>(caller).await,
        Command::Pledge(pledge::PledgeVerb::Read(verb)) => return verb.run::<Pledge>(caller).await,
        Command::Valuation(valuation::ValuationVerb { read: Some(verb), .. }) => {
            return verb.run::<Valuation>(caller).await;
        }
        Command::Finance(finance::FinanceVerb::Read(verb)) => return verb.run::<Instrument>(caller).await,
        Command::Credit(credit::CreditVerb::Read(verb)) => return verb.run::<CreditEntry>(caller).await,
        Command::Case(case::CaseVerb::Read(verb)) => return verb.run::<DisputeCase>(caller).await,
        Command::Disclose(verb) => return disclose::run(caller, &verb),
        Command::Consent(consent::ConsentVerb::Read(verb)) => return verb.run::<Pending>(caller).await,
        Command::Patent(patent::PatentVerb::Dependents { patent }) => {
            return dependents::all::<Patent>(caller, caller.patent(patent).await?).await;
        }
        Command::Licence(licence::LicenceVerb::Dependents { licence }) => {
            return dependents::all::<Licence>(caller, licence).await;
        }
        Command::Transfer(transfer::TransferVerb::Dependents { transfer }) => {
            return dependents::all::<Transfer>(caller, transfer).await;
        }
        Command::Pledge(pledge::PledgeVerb::Dependents { pledge }) => {
            return dependents::all::<Pledge>(caller, pledge).await;
        }
        Command::Pledge(pledge::PledgeVerb::Notices { pledge, after }) => {
            return dependents::notices(caller, pledge, after).await;
        }
        Command::Member(member::MemberVerb::Dependents { member }) => {
            return dependents::all::<Member>(caller, member).await;
        }
        Command::Member(member::MemberVerb::Attributes { member }) => {
            return dependents::attributes(caller, member).await;
        }
        Command::Member(member::MemberVerb::Credit { member, after }) => {
            return dependents::credit(caller, member, after).await;
        }
        Command::Patent(patent::PatentVerb::Show { patent }) => return patent::show(caller, patent).await,
        Command::Patent(patent::PatentVerb::Timeline { patent, before, limit }) => {
            return patent::timeline(caller, patent, before, limit).await;
        }
        Command::Patent(patent::PatentVerb::List { owner, after, limit }) => {
            return patent::list_of(caller, owner, after, limit).await;
        }
        Command::MayI(question) => return may_i::ask(caller, &question).await,
        Command::Sign { file, applicant } => return submit::sign(caller, &file, applicant).await,
        Command::Send { file } => return submit::send_file(caller, &file).await,
        Command::Receipt(verb) => return receipt::run(caller, &verb).await,
        Command::Certificate(asked) => return certificate::run(caller, &asked).await,
        Command::Verify(what) => return verify::run(caller, &what).await,
        Command::Audit(command) => return audit::run(caller, *command).await,
        Command::Status { all } => return status::run(caller, all).await,
        Command::Record(RecordVerb::Show { record }) => {
            let entry = caller.node.record(record).await?;
            show::print(caller, &entry, |entry| show::tree(&json!(entry)));
            return Ok(());
        }
        Command::ExitCodes => {
            println!("{EXIT_CODES}");
            return Ok(());
        }
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "tongda", &mut std::io::stdout());
            return Ok(());
        }
        Command::Member(member::MemberVerb::Act(act)) => ActCommand::Member(act),
        Command::Agency(act) => ActCommand::Agency(act),
        Command::Party(party::PartyVerb::Act(act)) => ActCommand::Party(act),
        Command::Patent(patent::PatentVerb::Act(act)) => ActCommand::Patent(act),
        Command::Open(open::OpenVerb::Act(act)) => ActCommand::Open(act),
        Command::Licence(licence::LicenceVerb::Act(act)) => ActCommand::Licence(act),
        Command::Transfer(transfer::TransferVerb::Act(act)) => ActCommand::Transfer(act),
        Command::Pledge(pledge::PledgeVerb::Act(act)) => ActCommand::Pledge(act),
        Command::Royalty(act) => ActCommand::Royalty(act),
        Command::Contribute(act) => ActCommand::Contribute(act),
        Command::Valuation(valuation::ValuationVerb { act: Some(act), .. }) => ActCommand::Valuation(act),
        Command::Valuation(_) => {
            return Err("name the patents that were valued, or read with show or list".into());
        }
        Command::Fund(act) => ActCommand::Fund(act),
        Command::Risk(act) => ActCommand::Risk(act),
        Command::Finance(finance::FinanceVerb::Act(act)) => ActCommand::Finance(act),
        Command::Credit(credit::CreditVerb::Act(act)) => ActCommand::Credit(act),
        Command::Case(case::CaseVerb::Act(act)) => ActCommand::Case(act),
        Command::Implement(act) => ActCommand::Implement(act),
        Command::TechnicalContract(act) => ActCommand::TechnicalContract(act),
        Command::Trade(act) => ActCommand::Trade(act),
        Command::Stock(act) => ActCommand::Stock(act),
        Command::Support(act) => ActCommand::Support(act),
        Command::Match(act) => ActCommand::Match(act),
        Command::Demand(act) => ActCommand::Demand(act),
        Command::Listing(act) => ActCommand::Listing(act),
        Command::Event(act) => ActCommand::Event(act),
        Command::Pool(act) => ActCommand::Pool(act),
        Command::Portfolio(act) => ActCommand::Portfolio(act),
        Command::Consortium(act) => ActCommand::Consortium(act),
        Command::OpenSource(act) => ActCommand::OpenSource(act),
        Command::Standard(act) => ActCommand::Standard(act),
        Command::Consent(consent::ConsentVerb::Act(act)) => ActCommand::Consent(act),
        Command::Product(act) => ActCommand::Product(act),
        Command::Funding(act) => ActCommand::Funding(act),
        Command::Income(act) => ActCommand::Income(act),
        Command::Assessment(act) => ActCommand::Assessment(act),
        Command::Tender(act) => ActCommand::Tender(act),
        Command::Parameter(act) => ActCommand::Parameter(act),
        Command::Validator(act) => ActCommand::Validator(act),
        Command::Statistic(act) => ActCommand::Statistic(act),
        Command::Report(act) => ActCommand::Report(act),
        Command::Project(act) => ActCommand::Project(act),
        Command::Anchor(act) => ActCommand::Anchor(act),
        Command::CasePublication(act) => ActCommand::CasePublication(act),
    };
    submit::perform(caller, &act).await
}
