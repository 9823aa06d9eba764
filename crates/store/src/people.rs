//! 人员与岗位 — persons, and for whom each may act in which capacity from when until when.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::tx::{Row, Tx, page};
use crate::{Store, vals};

/// A natural person with an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The person.
    pub id: String,
    /// What the person types to log in; kept in lower case.
    pub login: String,
    /// 姓名.
    pub name: String,
    /// The hash of the password; `None` until one is set.
    pub password_hash: Option<String>,
    /// Since when there is an account.
    pub created_ms: i64,
    /// Whether the account is closed.
    pub disabled: bool,
}

/// 岗位 — a person acts for a side in a capacity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The post.
    pub id: String,
    /// Who holds it.
    pub person: String,
    /// For whom: `unit:U1`, `authority:RA01`, `department`, `expert:P`, `operator`.
    pub side: String,
    /// In which capacity.
    pub capacity: String,
    /// The first day.
    pub from: String,
    /// The last day, once it is known.
    pub to: Option<String>,
}

const PERSON_COLUMNS: &str = "id, login, name, password_hash, created_ms, disabled";
const POST_COLUMNS: &str = "id, person, side, capacity, from_day, to_day";

impl Person {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.text(0)?,
            login: row.text(1)?,
            name: row.text(2)?,
            password_hash: row.opt_text(3)?,
            created_ms: row.int(4)?,
            disabled: row.flag(5)?,
        })
    }
}

impl Post {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.text(0)?,
            person: row.text(1)?,
            side: row.text(2)?,
            capacity: row.text(3)?,
            from: row.text(4)?,
            to: row.opt_text(5)?,
        })
    }
}

/// A login as it is compared.
fn login_key(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Writes a person, new or known by the id. Two persons never share a login.
pub fn save_person(tx: &mut dyn Tx, person: &Person) -> Result<()> {
    tx.exec(
        "INSERT INTO persons (id, login, name, password_hash, created_ms, disabled)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET
             login = excluded.login,
             name = excluded.name,
             password_hash = excluded.password_hash,
             disabled = excluded.disabled",
        &vals![
            &person.id,
            login_key(&person.login),
            &person.name,
            &person.password_hash,
            person.created_ms,
            person.disabled,
        ],
    )
    .map(drop)
}

/// One person.
pub fn person(tx: &mut dyn Tx, id: &str) -> Result<Option<Person>> {
    let sql = format!("SELECT {PERSON_COLUMNS} FROM persons WHERE id = $1");
    tx.rows(&sql, &vals![id])?.first().map(Person::from_row).transpose()
}

/// The person who logs in with this; upper and lower case are the same.
pub fn person_by_login(tx: &mut dyn Tx, login: &str) -> Result<Option<Person>> {
    let sql = format!("SELECT {PERSON_COLUMNS} FROM persons WHERE login = $1");
    tx.rows(&sql, &vals![login_key(login)])?.first().map(Person::from_row).transpose()
}

/// Persons by login, after one.
pub fn persons(tx: &mut dyn Tx, after_login: Option<&str>, limit: i64) -> Result<Vec<Person>> {
    let sql =
        format!("SELECT {PERSON_COLUMNS} FROM persons WHERE login > $1 ORDER BY login LIMIT $2");
    let rows = tx.rows(&sql, &vals![after_login.unwrap_or_default(), page(limit)])?;
    rows.iter().map(Person::from_row).collect()
}

/// Writes a post, new or known by the id.
pub fn save_post(tx: &mut dyn Tx, post: &Post) -> Result<()> {
    tx.exec(
        "INSERT INTO posts (id, person, side, capacity, from_day, to_day)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET
             person = excluded.person,
             side = excluded.side,
             capacity = excluded.capacity,
             from_day = excluded.from_day,
             to_day = excluded.to_day",
        &vals![&post.id, &post.person, &post.side, &post.capacity, &post.from, &post.to],
    )
    .map(drop)
}

/// Ends a post with a day; whoever held it keeps having held it.
pub fn end_post(tx: &mut dyn Tx, id: &str, to: &str) -> Result<()> {
    tx.exec("UPDATE posts SET to_day = $1 WHERE id = $2", &vals![to, id]).map(drop)
}

/// One post.
pub fn post(tx: &mut dyn Tx, id: &str) -> Result<Option<Post>> {
    let sql = format!("SELECT {POST_COLUMNS} FROM posts WHERE id = $1");
    tx.rows(&sql, &vals![id])?.first().map(Post::from_row).transpose()
}

/// The posts of a person, past ones too.
pub fn posts(tx: &mut dyn Tx, person: &str) -> Result<Vec<Post>> {
    posts_where(tx, "person", person)
}

/// The posts with a side, past ones too.
pub fn posts_of(tx: &mut dyn Tx, side: &str) -> Result<Vec<Post>> {
    posts_where(tx, "side", side)
}

fn posts_where(tx: &mut dyn Tx, column: &str, value: &str) -> Result<Vec<Post>> {
    let sql = format!("SELECT {POST_COLUMNS} FROM posts WHERE {column} = $1 ORDER BY from_day, id");
    tx.rows(&sql, &vals![value])?.iter().map(Post::from_row).collect()
}

impl Store {
    /// Writes a person, new or known by the id. Two persons never share a login.
    pub async fn save_person(&self, person: Person) -> Result<()> {
        self.write(move |tx| save_person(tx, &person)).await
    }

    /// One person.
    pub async fn person(&self, id: &str) -> Result<Option<Person>> {
        let id = id.to_owned();
        self.read(move |tx| person(tx, &id)).await
    }

    /// The person who logs in with this; upper and lower case are the same.
    pub async fn person_by_login(&self, login: &str) -> Result<Option<Person>> {
        let login = login.to_owned();
        self.read(move |tx| person_by_login(tx, &login)).await
    }

    /// Persons by login, after one.
    pub async fn persons(&self, after_login: Option<&str>, limit: i64) -> Result<Vec<Person>> {
        let after = after_login.map(str::to_owned);
        self.read(move |tx| persons(tx, after.as_deref(), limit)).await
    }

    /// Writes a post, new or known by the id.
    pub async fn save_post(&self, post: Post) -> Result<()> {
        self.write(move |tx| save_post(tx, &post)).await
    }

    /// Ends a post with a day.
    pub async fn end_post(&self, id: &str, to: &str) -> Result<()> {
        let (id, to) = (id.to_owned(), to.to_owned());
        self.write(move |tx| end_post(tx, &id, &to)).await
    }

    /// One post.
    pub async fn post_by_id(&self, id: &str) -> Result<Option<Post>> {
        let id = id.to_owned();
        self.read(move |tx| post(tx, &id)).await
    }

    /// The posts of a person, past ones too.
    pub async fn posts(&self, person: &str) -> Result<Vec<Post>> {
        let person = person.to_owned();
        self.read(move |tx| posts(tx, &person)).await
    }

    /// The posts with a side, past ones too.
    pub async fn posts_of(&self, side: &str) -> Result<Vec<Post>> {
        let side = side.to_owned();
        self.read(move |tx| posts_of(tx, &side)).await
    }
}
