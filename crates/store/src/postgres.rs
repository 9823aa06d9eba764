//! PostgreSQL: the same acts on a few threads, each with its own connection.
//!
//! Acts run at READ COMMITTED and take their locks in one order (see [`crate::append::append`]):
//! what two of them might both want is a row that one of them waits for, never something only
//! looked at. An act is run again when the database asks for it (40001, 40P01) and when the
//! connection broke before its commit was sent.

use std::collections::HashMap;
use std::error::Error;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use ::postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use ::postgres::{Client, Statement};

use crate::error::{Result, StoreError};
use crate::lanes::{self, Errand, Lane, Queue};
use crate::migrations;
use crate::tls::Server;
use crate::tx::{Engine, Row, Tx, Val};

/// Threads, and so connections, of one node.
const THREADS: usize = 8;
/// How often an act is tried before its error is the answer.
const TRIES_MAX: u32 = 8;
/// How long to wait before trying a broken connection again.
const RECONNECT_PAUSE: Duration = Duration::from_millis(100);

/// Connects, brings the schema up to date and starts the threads.
pub(crate) fn open(url: &str, step: Option<i64>) -> Result<(Lane, Vec<JoinHandle<()>>)> {
    let server = Server::of(url)?;
    let first = server.clone();
    // The blocking client must not start inside an asynchronous runtime.
    thread::spawn(move || migrations::run_postgres(&mut connect(&first)?, step))
        .join()
        .map_err(|_| StoreError::Panicked("while migrating".into()))??;
    let (lane, queue) = Lane::new();
    let threads = (0..THREADS).map(|_| {
        let (server, queue) = (server.clone(), queue.clone());
        lanes::spawn("store-postgres", move || serve(server, &queue))
    });
    Ok((lane, threads.collect::<Result<_>>()?))
}

fn connect(server: &Server) -> Result<Client> {
    let mut client = server.connect()?;
    // Acknowledged means durable, whatever the default of the database is.
    client
        .batch_execute(
            "SELECT set_config('synchronous_commit', 'on', false)
             WHERE current_setting('synchronous_commit') IN ('off', 'local')",
        )
        .map_err(|e| StoreError::database("prepare the connection", e))?;
    Ok(client)
}

fn serve(server: Server, queue: &Queue) {
    let mut link = Link { server, open: None };
    while let Ok(mut errand) = queue.next() {
        let lost = link.carry(&mut errand).err();
        errand.act.answer(lost);
    }
}

/// A connection that is made again when it breaks.
struct Link {
    server: Server,
    open: Option<Session>,
}

struct Session {
    client: Client,
    statements: HashMap<String, Statement>,
}

/// What became of one attempt.
enum Attempt {
    /// The act ran and has its own answer.
    Settled,
    /// Nothing was kept; trying again may help.
    Again(StoreError),
    /// The answer to the commit never came.
    Uncertain,
}

impl Link {
    /// Runs an act until it is settled. An error means that the transaction around it was lost.
    fn carry(&mut self, errand: &mut Errand) -> Result<()> {
        for tried in 1.. {
            match self.attempt(errand) {
                Attempt::Settled => return Ok(()),
                Attempt::Uncertain => return Err(StoreError::Uncertain),
                Attempt::Again(error) if tried >= TRIES_MAX => return Err(error),
                Attempt::Again(_) => {}
            }
        }
        Ok(())
    }

    fn attempt(&mut self, errand: &mut Errand) -> Attempt {
        let session = match self.session() {
            Ok(session) => session,
            Err(error) => {
                thread::park_timeout(RECONNECT_PAUSE);
                return Attempt::Again(error);
            }
        };
        let outcome = session.attempt(errand);
        if session.client.is_closed() {
            self.open = None;
        }
        outcome
    }

    fn session(&mut self) -> Result<&mut Session> {
        if self.open.as_ref().is_none_or(|session| session.client.is_closed()) {
            let client = connect(&self.server)?;
            self.open = Some(Session { client, statements: HashMap::new() });
        }
        self.open.as_mut().ok_or(StoreError::Closed)
    }
}

impl Session {
    fn attempt(&mut self, errand: &mut Errand) -> Attempt {
        let begin = if errand.writes {
            "BEGIN ISOLATION LEVEL READ COMMITTED"
        } else {
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        };
        if let Err(error) = self.batch(begin) {
            return Attempt::Again(error);
        }
        if errand.act.run(self) {
            return self.commit();
        }
        let _ = self.batch("ROLLBACK");
        match errand.act.error() {
            Some(error) if self.client.is_closed() || is_transient(error) => {
                Attempt::Again(StoreError::database("run the act", error.to_string()))
            }
            _ => Attempt::Settled,
        }
    }

    fn commit(&mut self) -> Attempt {
        match self.batch("COMMIT") {
            Ok(()) => Attempt::Settled,
            Err(error) if error.postgres().and_then(postgres::Error::code).is_some() => {
                Attempt::Again(error)
            }
            Err(_) => Attempt::Uncertain,
        }
    }

    fn batch(&mut self, sql: &str) -> Result<()> {
        self.client.batch_execute(sql).map_err(|e| StoreError::database(sql, e))
    }

    fn statement(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(|e| StoreError::database(sql, e))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// The database says that the same act may well succeed the next time.
fn is_transient(error: &StoreError) -> bool {
    let code = error.postgres().and_then(postgres::Error::code);
    code.is_some_and(|code| matches!(code.code(), "40001" | "40P01" | "57P01" | "57P02" | "57P03"))
}

impl Tx for Session {
    fn exec(&mut self, sql: &str, args: &[Val]) -> Result<u64> {
        let statement = self.statement(sql)?;
        self.client.execute(&statement, &borrowed(args)).map_err(|e| StoreError::database(sql, e))
    }

    fn rows(&mut self, sql: &str, args: &[Val]) -> Result<Vec<Row>> {
        let statement = self.statement(sql)?;
        let found = self
            .client
            .query(&statement, &borrowed(args))
            .map_err(|e| StoreError::database(sql, e))?;
        found
            .iter()
            .map(|row| (0..row.len()).map(|at| value(row, at)).collect::<Result<_, _>>().map(Row))
            .collect::<Result<_, postgres::Error>>()
            .map_err(|e| StoreError::database(sql, e))
    }

    fn engine(&self) -> Engine {
        Engine::Postgres
    }
}

fn borrowed(args: &[Val]) -> Vec<&(dyn ToSql + Sync)> {
    args.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn value(row: &postgres::Row, at: usize) -> Result<Val, postgres::Error> {
    let kind = row.columns()[at].type_();
    Ok(match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(at)?.into(),
        Type::INT4 => row.try_get::<_, Option<i32>>(at)?.map(i64::from).into(),
        Type::BOOL => row.try_get::<_, Option<bool>>(at)?.into(),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at)?.into(),
        _ => row.try_get::<_, Option<String>>(at)?.into(),
    })
}

impl ToSql for Val {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Self::Int(number) => number.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Blob(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
