//! Look up the code tables that ship with the program: IPC, industries, provinces, gazette events.
//!
//! The files in `genesis/data` are compiled in, byte for byte. A network's genesis names them by version and
//! digest, so that two nodes that agree on the network agree on every title and code.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use tongda_ledger::codec::List;
use tongda_ledger::hash::Hash;
use tongda_ledger::state::Table;

/// A table as it was shipped: its name, its edition and its bytes.
struct Shipped {
    name: &'static str,
    version: &'static str,
    bytes: &'static str,
}

macro_rules! shipped {
    ($name:literal, $version:literal) => {
        Shipped { name: $name, version: $version, bytes: include_str!(concat!("../data/", $name, ".csv")) }
    };
}

static IPC_SUBCLASSES: Shipped = shipped!("ipc-2026-subclasses", "2026.01");
static IPC_MAIN_GROUPS: Shipped = shipped!("ipc-2026-main-groups", "2026.01");
static INDUSTRIES: Shipped = shipped!("gbt-4754-2017-industries", "2017");
static PROVINCES: Shipped = shipped!("gbt-2260-provinces", "2007");
static GAZETTE_EVENTS: Shipped = shipped!("gazette-event-codes", "1");

/// The code tables, ready for look-up. A code that is not in them is unknown to the tables, not wrong: symbols that
/// left a classification stand in the patents of their time.
#[derive(Debug)]
pub struct Tables {
    ipc: BTreeMap<String, String>,
    industries: BTreeMap<String, String>,
    provinces: BTreeMap<String, String>,
    gazette_events: BTreeMap<String, String>,
}

/// What identifies a table: the three values that a genesis file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableDigest {
    /// The table's name, that of its file without `.csv`.
    pub name: &'static str,
    /// The edition of the classification or standard.
    pub version: &'static str,
    /// SHA-256 of the file's bytes.
    pub digest: Hash,
}

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Not comma-separated values, or rows of different lengths.
    #[error("table {table}: {source}")]
    Format {
        /// The table.
        table: &'static str,
        /// What the reader says.
        source: csv::Error,
    },
    /// A column that the table must have.
    #[error("table {table} has no column {column:?}")]
    Column {
        /// The table.
        table: &'static str,
        /// The missing column.
        column: &'static str,
    },
    /// One code with two meanings.
    #[error("table {table} has the code {code:?} twice")]
    Duplicate {
        /// The table.
        table: &'static str,
        /// The code.
        code: String,
    },
}

impl Tables {
    /// The tables that ship with the program, read once.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static TABLES: LazyLock<Tables> =
            LazyLock::new(|| Tables::read().expect("the shipped tables are part of the program and tested"));
        &TABLES
    }

    /// Name, version and digest of every shipped table, in the order in which a genesis file lists them.
    #[must_use]
    pub fn digests() -> [TableDigest; 5] {
        [&IPC_SUBCLASSES, &IPC_MAIN_GROUPS, &INDUSTRIES, &PROVINCES, &GAZETTE_EVENTS].map(Shipped::digest)
    }

    /// The same, as a network's parameters name them.
    #[must_use]
    pub fn named() -> List<Table, 32> {
        let tables = Self::digests().map(|table| Table {
            name: table.name.parse().expect("a shipped table has a name"),
            version: table.version.parse().expect("a shipped table has a version"),
            digest: table.digest,
        });
        tables.to_vec().try_into().expect("the shipped tables are few")
    }

    fn read() -> Result<Self, TableError> {
        let mut ipc = IPC_SUBCLASSES.columns("code", "title_zh")?;
        ipc.append(&mut IPC_MAIN_GROUPS.columns("code", "title_zh")?);
        Ok(Self {
            ipc,
            industries: INDUSTRIES.columns("code", "name_zh")?,
            provinces: PROVINCES.columns("code2", "name")?,
            gazette_events: GAZETTE_EVENTS.columns("code", "name_zh")?,
        })
    }

    /// The Chinese title of a section (`G`), class (`G06`), subclass (`G06Q`) or group of the International Patent
    /// Classification (国际专利分类). A group (`G06Q 50/18`, with or without the space) has its main group's title.
    #[must_use]
    pub fn ipc_title(&self, symbol: &str) -> Option<&str> {
        let mut key: String = symbol.chars().filter(|character| !character.is_whitespace()).collect();
        if let Some(slash) = key.find('/') {
            key.replace_range(slash.., "/00");
        }
        self.ipc.get(&key).map(String::as_str)
    }

    /// The Chinese name of an industry of GB/T 4754-2017 (国民经济行业分类): `C`, `C13`, `C131`, `C1311`.
    #[must_use]
    pub fn industry_name(&self, code: &str) -> Option<&str> {
        self.industries.get(code).map(String::as_str)
    }

    /// The full name of a provincial division by its two digits of GB/T 2260: `44` is 广东省.
    #[must_use]
    pub fn province_name(&self, code: &str) -> Option<&str> {
        self.provinces.get(code).map(String::as_str)
    }

    /// The two digits of a provincial division, by its full name (广西壮族自治区) or the short one that listings use
    /// (广西): at least two characters with which one name begins, and only one.
    #[must_use]
    pub fn province_code(&self, name: &str) -> Option<&str> {
        if name.chars().count() < 2 {
            return None;
        }
        let mut named = self.provinces.iter().filter(|(_, full)| full.starts_with(name));
        match (named.next(), named.next()) {
            (Some((code, _)), None) => Some(code),
            _ => None,
        }
    }

    /// Codes and names of all provincial divisions, ascending by code.
    pub fn provinces(&self) -> impl Iterator<Item = (&str, &str)> {
        self.provinces.iter().map(|(code, name)| (code.as_str(), name.as_str()))
    }

    /// The Chinese name of a gazette event (专利公报事务): `CF01` is 未缴年费专利权终止.
    #[must_use]
    pub fn gazette_event_name(&self, code: &str) -> Option<&str> {
        self.gazette_events.get(code).map(String::as_str)
    }
}

impl Shipped {
    fn digest(&self) -> TableDigest {
        let digest = Hash::plain(&[self.bytes.as_bytes()]);
        TableDigest { name: self.name, version: self.version, digest }
    }

    /// Two columns of the table, as a map from the one to the other.
    fn columns(
        &self,
        key: &'static str,
        value: &'static str,
    ) -> Result<BTreeMap<String, String>, TableError> {
        let table = self.name;
        let format = |source| TableError::Format { table, source };
        let mut reader = csv::Reader::from_reader(self.bytes.as_bytes());
        let headers = reader.headers().map_err(format)?;
        let place = |column: &'static str| {
            headers.iter().position(|header| header == column).ok_or(TableError::Column { table, column })
        };
        let (key, value) = (place(key)?, place(value)?);
        let mut map = BTreeMap::new();
        for row in reader.records() {
            let row = row.map_err(format)?;
            let cell = |column: usize| row.get(column).unwrap_or_default().to_owned();
            if map.insert(cell(key), cell(value)).is_some() {
                return Err(TableError::Duplicate { table, code: cell(key) });
            }
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(bytes: &'static str) -> Shipped {
        Shipped { name: "test", version: "1", bytes }
    }

    #[test]
    fn every_level_of_the_ipc_has_its_title_and_a_group_that_of_its_main_group() {
        let tables = Tables::shipped();
        assert_eq!(tables.ipc_title("A"), Some("人类生活必需"));
        assert_eq!(tables.ipc_title("A01"), Some("农业；林业；畜牧业；狩猎；诱捕；捕鱼"));
        assert!(tables.ipc_title("A01B").is_some_and(|title| title.starts_with("农业或林业的整地")));
        assert!(tables.ipc_title("A01B1/00").is_some_and(|title| title.starts_with("手动工具")));
        assert_eq!(tables.ipc_title("A01B 1/02"), tables.ipc_title("A01B1/00"));
        assert_eq!(tables.ipc.len(), 795 + 7_468);
    }

    #[test]
    fn a_symbol_that_left_the_classification_has_no_title() {
        assert_eq!(Tables::shipped().ipc_title("H01L"), None);
        assert_eq!(Tables::shipped().ipc_title("H01L 21/02"), None);
        assert_eq!(Tables::shipped().ipc_title(""), None);
    }

    #[test]
    fn all_four_levels_of_the_industries_have_their_names() {
        let tables = Tables::shipped();
        assert_eq!(tables.industry_name("A"), Some("农、林、牧、渔业"));
        assert_eq!(tables.industry_name("C13"), Some("农副食品加工业"));
        assert_eq!(tables.industry_name("C131"), Some("谷物磨制"));
        assert_eq!(tables.industry_name("C1311"), Some("稻谷加工"));
        assert_eq!(tables.industry_name("1311"), None);
    }

    #[test]
    fn a_province_is_found_by_code_by_full_and_by_short_name() {
        let tables = Tables::shipped();
        assert_eq!(tables.provinces().count(), 34);
        for (code, name) in tables.provinces() {
            assert_eq!(tables.province_name(code), Some(name));
            assert_eq!(tables.province_code(name), Some(code));
            let short: String = name.chars().take(2).collect();
            assert_eq!(tables.province_code(&short), Some(code), "{short}");
        }
        assert_eq!(tables.province_code("内蒙古"), Some("15"));
        assert_eq!(tables.province_code("山"), None);
        assert_eq!(tables.province_code("广东省广州市"), None);
        assert_eq!(tables.province_name("99"), None);
    }

    #[test]
    fn a_gazette_event_has_its_name() {
        assert_eq!(Tables::shipped().gazette_event_name("CF01"), Some("未缴年费专利权终止"));
        assert_eq!(Tables::shipped().gazette_event_name("XX99"), None);
    }

    /// A genesis file names these digests: a table changes only together with its version, by a decision.
    #[test]
    fn the_shipped_bytes_are_the_ones_that_genesis_files_name() {
        let found: Vec<_> = Tables::digests()
            .iter()
            .map(|table| format!("{} {} {}", table.name, table.version, table.digest))
            .collect();
        assert_eq!(
            found,
            [
                "ipc-2026-subclasses 2026.01 cd178233af2978cef5eb1cb581519cb2989c698555b6fdeac7371e7ca7fe48da",
                "ipc-2026-main-groups 2026.01 6749d0a690d0cd6c2f05a3d2b788d469de7180aeea6e5a879a49bf36441b9b50",
                "gbt-4754-2017-industries 2017 c050db977231df46bdd4b855ecce6c7e061117782d0b8c69970d320c4d0dcb7d",
                "gbt-2260-provinces 2007 bcc1e91a8bdb0fa31a31f014fa4215f73fc02cc5b60b200c01ec3975dd61c221",
                "gazette-event-codes 1 50fc34a8e753437cf4a03ac7b4d788e04a21215f034eb4c25597fa6d4b9e8d2f",
            ]
        );
    }

    #[test]
    fn a_table_with_a_code_twice_a_column_missing_or_a_torn_row_is_refused() {
        let columns = |bytes| table(bytes).columns("code", "name");
        assert!(columns("code,name\nA,x\nB,y\n").is_ok_and(|map| map.len() == 2));
        assert!(
            matches!(columns("code,name\nA,x\nA,y\n"), Err(TableError::Duplicate { code, .. }) if code == "A")
        );
        assert!(matches!(columns("code,title\nA,x\n"), Err(TableError::Column { column: "name", .. })));
        assert!(matches!(columns("code,name\nA\n"), Err(TableError::Format { .. })));
    }
}
