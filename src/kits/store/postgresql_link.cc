// SPDX-License-Identifier: EUPL-1.2
#include "kits/store/postgresql_link.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace verbund::store::postgresql {
namespace {

constexpr std::size_t shown_sql = 200;
constexpr int ask_elsewhere_ms = 1'000;
constexpr unsigned truth_type = 16;          // pg_type.oid of bool
constexpr int oldest_version = 150'000;
constexpr std::size_t owed_at_most = 256;

// Set for each session. A client that has died is noticed by the server within about ten seconds. A commit waits until
// synchronous replicas have it on disk, whatever is set for the user, and a warning is sent.
constexpr const char* session =
    "SET standard_conforming_strings = on; SET jit = off; SET row_security = off; SET statement_timeout = 0;"
    "SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;"
    "SET client_connection_check_interval = '2s';"
    "SET client_min_messages = warning;"
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply');";

std::string one_line(std::string_view text) {
  std::string out(trim(text));
  for (char& c : out)
    if (c == '\n' || c == '\t') c = ' ';
  return out;
}

Values values_of(const pg_result* result, int row) {
  Values out;
  for (int column = 0; column < PQnfields(result); ++column) {
    if (PQgetisnull(result, row, column)) out.emplace_back();
    else out.emplace_back(PQgetvalue(result, row, column));
  }
  return out;
}

// Class 57P: the server ends the session; 08: the connection is broken; 25P03: the session was idle for too long.
bool means_lost(std::string_view code) {
  return code.starts_with("57P") || code.starts_with("08") || code == "25P03";
}

}  // namespace

std::vector<Whom> each_host(const std::string& url) {
  std::vector<std::string> hosts, addresses, ports;
  PQconninfoOption* const parts = PQconninfoParse(url.c_str(), nullptr);
  for (const PQconninfoOption* part = parts; part && part->keyword; ++part) {
    if (!part->val) continue;
    const std::string_view name = part->keyword;
    auto* const list = name == "host" ? &hosts : name == "hostaddr" ? &addresses : name == "port" ? &ports : nullptr;
    if (!list) continue;
    for (const std::string_view one : split(part->val, ',')) list->emplace_back(one);
  }
  PQconninfoFree(parts);
  std::vector<Whom> out(std::max({hosts.size(), addresses.size(), std::size_t{1}}), Whom{.writes = false});
  for (std::size_t n = 0; n < out.size(); ++n) {
    if (n < hosts.size()) out[n].host = hosts[n];
    if (n < addresses.size()) out[n].hostaddr = addresses[n];
    if (!ports.empty()) out[n].port = ports.size() == 1 ? ports[0] : n < ports.size() ? ports[n] : "";
  }
  return out;
}

Link::Link(const Options& options, std::function<bool(const std::string&)> elsewhere, const Whom& whom)
    : answer_timeout_ms_(options.answer_timeout_ms), elsewhere_(std::move(elsewhere)) {
  const std::string seconds = std::to_string(std::max(2, options.connect_timeout_ms / 1000));   // libpq takes no less
  const std::string silence = std::to_string(std::max(5'000, options.connect_timeout_ms));
  // What stands before dbname is a default; the URL, expanded in its place, overrides it; what stands behind, the URL.
  std::vector<const char*> names = {"target_session_attrs", "connect_timeout", "application_name", "keepalives_idle",
                                    "keepalives_interval", "keepalives_count", "tcp_user_timeout", "dbname",
                                    "client_encoding"};
  std::vector<const char*> values = {"read-write", seconds.c_str(), "verbund", "3", "2", "3", silence.c_str(),
                                     options.path.c_str(), "UTF8"};
  const auto set = [&](const char* name, const std::string& value) {
    if (value.empty()) return;
    names.push_back(name);
    values.push_back(value.c_str());
  };
  const std::string any = whom.writes ? "" : "any";
  set("target_session_attrs", any);
  set("host", whom.host);
  set("hostaddr", whom.hostaddr);
  set("port", whom.port);
  names.push_back(nullptr);
  values.push_back(nullptr);
  connection_ = PQconnectdbParams(names.data(), values.data(), 1);
  try {
    if (!connection_ || PQstatus(connection_) != CONNECTION_OK)
      throw Lost("store: " + shown(options.path) + ": " +
                 one_line(connection_ ? PQerrorMessage(connection_) : "out of memory"));
    PQsetNoticeReceiver(connection_, [](void* link, const pg_result* notice) {
      const char* severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
      if (severity && std::string_view(severity) == "WARNING") static_cast<Link*>(link)->warned_ = true;
    }, this);
    // What cannot be sent at once stays with libpq; next_result() and push() send it.
    if (PQsetnonblocking(connection_, 1) != 0) throw Lost("store: " + shown(options.path) + ": " + "out of memory");
    if (PQserverVersion(connection_) < oldest_version)
      throw Refused("store: " + shown(options.path) + ": the server is older than PostgreSQL 15", "0A000");
    const Values named = execute(session + ("SET lock_timeout = " + std::to_string(options.busy_timeout_ms)) +
                                 "; SELECT current_schema(), host(inet_server_addr()) || ' ' || inet_server_port()"
                                 " || ' ' || pg_postmaster_start_time()");
    schema_ = named.at(0).value_or("");
    machine_ = named.at(1).value_or("");
    if (!options.schema.empty()) enter(options.schema);
    if (schema_.empty()) make_schema();
    if (schema_.empty()) throw Refused("store: " + shown(options.path) + ": there is no schema to work in", "3F000");
  } catch (...) {
    PQfinish(connection_);
    throw;
  }
}

// As a SQLite file is made with its folder. Two at once: the other one has made it.
void Link::make_schema() {
  try {
    execute("DO $$ BEGIN EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I',"
            " btrim(split_part(current_setting('search_path'), ',', 1), ' \"')); END $$");
  } catch (const Refused& refused) {
    if (refused.code() != "23505") throw;
  }
  schema_ = execute("SELECT current_schema()").at(0).value_or("");
}

void Link::enter(const std::string& schema) {
  if (schema == schema_) return;
  // A parameter, not a part of the text; for the session, whatever becomes of the next transaction.
  schema_.clear();
  ask("SELECT set_config('search_path', $1, false)", {schema});
  schema_ = execute("SELECT current_schema()").at(0).value_or("");
  if (schema_.empty()) make_schema();
  if (schema_ != schema) throw Refused("store: the schema " + schema + " cannot be entered", "3F000");
}

Link::~Link() {
  VERBUND_CHECK(!active_);   // an answer must not outlive its link
  PQfinish(connection_);
}

bool Link::good() const { return PQstatus(connection_) == CONNECTION_OK; }

void Link::sever() { ::shutdown(PQsocket(connection_), SHUT_RDWR); }

void Link::lose(std::string_view doing) {
  const std::string reason = one_line(PQerrorMessage(connection_));
  sever();
  throw Lost("store: the connection to the database was lost (" + std::string(doing) + ")" +
             (reason.empty() ? "" : ": " + reason));
}

void Link::raise(const pg_result* result, std::string_view sql) {
  const char* field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string code = field ? field : "";
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string text = "store: " + std::string(cut_utf8(sql, shown_sql)) + ": " +
                           one_line(message ? message : PQresultErrorMessage(result)) + " (PostgreSQL " +
                           (code.empty() ? "connection" : code) + ")";
  if (code.empty() || means_lost(code) || !good()) {
    sever();
    throw Lost(text);
  }
  throw Refused(text, code);
}

void Link::wait(bool for_writing) {
  pollfd line{PQsocket(connection_), static_cast<short>(for_writing ? POLLIN | POLLOUT : POLLIN), 0};
  for (int waited = 0; waited < answer_timeout_ms_;) {
    const int slice = std::min(ask_elsewhere_ms, answer_timeout_ms_ - waited);
    const int ready = ::poll(&line, 1, slice);
    if (ready > 0) return;
    if (ready < 0 && errno == EINTR) continue;
    waited += slice;
    if (!machine_.empty() && elsewhere_ && elsewhere_(machine_)) lose("it hangs, another server writes now");
  }
  sever();
  throw Silent("store: the database does not answer: nothing for " + std::to_string(answer_timeout_ms_) + " ms");
}

Link::ResultPointer Link::next_result() {
  while (PQisBusy(connection_)) {
    const int unsent = PQflush(connection_);
    if (unsent < 0) lose("sending");
    wait(unsent > 0);
    if (PQconsumeInput(connection_) == 0) lose("receiving");
  }
  return {PQgetResult(connection_), PQclear};
}

void Link::clear_line() {
  if (active_) active_->buffer();
  VERBUND_CHECK(!active_);
  if (!owed_.empty()) {
    std::vector<Did> did;
    settle(did);
  }
  if (copying_.empty()) return;
  finish(std::exchange(copying_, {}));
  if (!good()) lose("receiving");
}

void Link::finish(std::string_view sql) {
  ResultPointer error(nullptr, PQclear);
  while (auto rest = next_result())
    if (PQresultStatus(rest.get()) == PGRES_FATAL_ERROR && !error) error = std::move(rest);
  if (error) raise(error.get(), sql);
}

Values Link::execute(const std::string& sql) {
  clear_line();
  warned_ = false;
  if (PQsendQuery(connection_, sql.c_str()) == 0) lose("sending");
  Values first;
  ResultPointer error(nullptr, PQclear);
  while (auto result = next_result()) {
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_FATAL_ERROR && !error) error = std::move(result);
    if (status == PGRES_COMMAND_OK) first = {std::string(PQcmdStatus(result.get()))};
    if (status != PGRES_TUPLES_OK || PQntuples(result.get()) == 0) continue;
    first = values_of(result.get(), 0);
  }
  if (error) raise(error.get(), sql);
  if (!good()) lose("receiving");
  return first;
}

Values Link::ask(const std::string& sql, const Values& parameters) {
  Answer answer(*this);
  start(answer, {}, sql, parameters);
  Values out;
  if (answer.step())
    for (int column = 0; column < answer.columns(); ++column) {
      if (answer.is_null(column)) out.emplace_back();
      else out.emplace_back(answer.text(column));
    }
  answer.drop();
  return out;
}

std::string Link::prepare(const std::string& sql) {
  clear_line();
  std::string name = "s" + std::to_string(++prepared_);
  if (PQsendPrepare(connection_, name.c_str(), sql.c_str(), 0, nullptr) == 0) lose("sending");
  finish(sql);
  if (!good()) lose("receiving");
  return name;
}

void Link::forget(const std::string& name) { execute("DEALLOCATE " + name); }

bool Link::send(const std::string& name, const std::string& sql, const Values& parameters) {
  std::vector<const char*> values;
  values.reserve(parameters.size());
  for (const auto& value : parameters) values.push_back(value ? value->c_str() : nullptr);
  const int count = static_cast<int>(values.size());
  if (name.empty())
    return PQsendQueryParams(connection_, sql.c_str(), count, nullptr, values.data(), nullptr, nullptr, 0) == 1;
  return PQsendQueryPrepared(connection_, name.c_str(), count, values.data(), nullptr, nullptr, 0) == 1;
}

void Link::later(const std::string& name, const std::string& sql, const Values& parameters) {
  if (owed_.empty() || owed_.size() == owed_at_most) clear_line();
  if (!pipeline_ && PQenterPipelineMode(connection_) == 0) lose("entering a pipeline");
  pipeline_ = true;
  if (!send(name, sql, parameters)) lose("sending");
  owed_.push_back(sql.substr(0, shown_sql));
}

void Link::settle(std::vector<Did>& did) {
  did.assign(owed_.size(), {});
  warned_ = false;
  if (owed_.empty()) return;
  if (PQpipelineSync(connection_) == 0) lose("sending");
  take_owed(did);
  end_pipeline();
}

// After an error the server skips what comes before the synchronisation; so do we.
void Link::take_owed(std::vector<Did>& did) {
  ResultPointer error(nullptr, PQclear);
  std::string failed;
  for (std::size_t n = 0; n < owed_.size() && !error; ++n)
    while (auto result = next_result()) {
      if (PQresultStatus(result.get()) != PGRES_FATAL_ERROR) {
        did[n].tag = PQcmdStatus(result.get());
        for (int row = 0; row < PQntuples(result.get()); ++row) did[n].rows.push_back(values_of(result.get(), row));
      } else if (!error) {
        error = std::move(result);
        failed = owed_[n];
      }
    }
  owed_.clear();
  if (!error) return;
  if (good()) end_pipeline();
  raise(error.get(), failed);
}

void Link::end_pipeline() {
  ResultPointer result(nullptr, PQclear);
  do {
    result = next_result();
    if (!good()) lose("receiving");
  } while (!result || PQresultStatus(result.get()) != PGRES_PIPELINE_SYNC);
  if (PQexitPipelineMode(connection_) == 0) lose("leaving a pipeline");
  pipeline_ = false;
}

void Link::start(Answer& answer, const std::string& name, const std::string& sql, const Values& parameters) {
  if (owed_.empty()) clear_line();
  if (!send(name, sql, parameters)) lose("sending");
  if (pipeline_) {
    std::vector<Did> did(owed_.size());
    if (PQpipelineSync(connection_) == 0) lose("sending");
    take_owed(did);
  }
  PQsetSingleRowMode(connection_);
  answer.sql_ = sql.substr(0, shown_sql);
  answer.row_ = {nullptr, PQclear};
  answer.buffer_.clear();
  answer.buffering_ = false;
  answer.changes_ = 0;
  active_ = &answer;
}

void Link::copy(const std::string& statement, const std::string& lines) {
  clear_line();
  if (PQsendQuery(connection_, statement.c_str()) == 0) lose("sending");
  const auto begun = next_result();
  if (!begun) lose("receiving");
  if (PQresultStatus(begun.get()) != PGRES_COPY_IN) {
    finish(statement);
    raise(begun.get(), statement);
  }
  constexpr std::size_t piece = 1 << 14;
  for (std::size_t at = 0; at < lines.size(); at += piece)
    if (PQputCopyData(connection_, lines.data() + at, static_cast<int>(std::min(piece, lines.size() - at))) != 1)
      lose("sending");
  if (PQputCopyEnd(connection_, nullptr) != 1) lose("sending");
  copying_ = statement;
}

void Link::push() {
  if (PQflush(connection_) < 0) lose("sending");
}

std::vector<Link::News> Link::notifications(int wait_ms, int stop_descriptor) {
  std::vector<News> out;
  const auto take = [&] {
    while (PGnotify* told = PQnotifies(connection_)) {
      out.push_back({told->relname, told->extra});
      PQfreemem(told);
    }
  };
  take();
  if (!out.empty()) return out;
  pollfd lines[] = {{PQsocket(connection_), POLLIN, 0}, {stop_descriptor, POLLIN, 0}};
  if (::poll(lines, 2, wait_ms) > 0 && lines[0].revents != 0) {
    if (PQconsumeInput(connection_) == 0 || !good()) lose("listening");
    take();
  }
  return out;
}

bool Link::stirs(int wait_ms, int stop_descriptor) const {
  pollfd lines[] = {{PQsocket(connection_), POLLIN, 0}, {stop_descriptor, POLLIN, 0}};
  return ::poll(lines, 2, wait_ms) > 0 && lines[0].revents != 0;
}

Answer::~Answer() {
  try {
    drop();
  } catch (const Failure&) {
    // The next statement on this connection says what is wrong.
  }
}

bool Answer::take() {
  row_ = link_.next_result();
  if (!row_) {
    link_.active_ = nullptr;
    if (!link_.good()) link_.lose("receiving");
    if (link_.pipeline_) link_.end_pipeline();
    return false;
  }
  switch (PQresultStatus(row_.get())) {
    case PGRES_SINGLE_TUPLE:
    case PGRES_TUPLES_OK:
      if (columns_ != PQnfields(row_.get()) || truths_.empty()) {
        columns_ = PQnfields(row_.get());
        truths_.assign(static_cast<std::size_t>(columns_), false);
        for (int column = 0; column < columns_; ++column)
          truths_[static_cast<std::size_t>(column)] = PQftype(row_.get(), column) == truth_type;
      }
      break;
    case PGRES_COMMAND_OK: {
      const std::string_view command = PQcmdStatus(row_.get());
      if (command.starts_with("INSERT") || command.starts_with("UPDATE") || command.starts_with("DELETE"))
        changes_ = parse_number(PQcmdTuples(row_.get())).value_or(0);
      break;
    }
    default: {
      const auto error = std::move(row_);
      row_ = {nullptr, PQclear};
      while (link_.next_result()) {
      }
      link_.active_ = nullptr;
      if (link_.pipeline_ && link_.good()) link_.end_pipeline();
      link_.raise(error.get(), sql_);
    }
  }
  return true;
}

bool Answer::step() {
  if (buffering_) {
    row_.reset();
    return buffer_.next(buffered_);
  }
  if (link_.active_ != this) return false;
  while (take())
    if (PQresultStatus(row_.get()) == PGRES_SINGLE_TUPLE) return true;
  return false;
}

void Answer::buffer() {
  // The row that is being looked at stays; those after it come from the buffer.
  auto looked_at = std::move(row_);
  while (take())
    if (PQresultStatus(row_.get()) == PGRES_SINGLE_TUPLE) buffer_.append(row_.get(), columns_);
  buffering_ = true;
  row_ = std::move(looked_at);
}

void Answer::drop() {
  if (link_.active_ == this)
    while (take()) {
    }
  row_.reset();
  buffer_.clear();
  buffering_ = false;
}

bool Answer::is_null(int column) const {
  VERBUND_CHECK(column >= 0 && column < columns_);
  return row_ ? PQgetisnull(row_.get(), 0, column) != 0 : !buffered_[static_cast<std::size_t>(column)].has_value();
}

std::string_view Answer::text(int column) const {
  VERBUND_CHECK(column >= 0 && column < columns_);
  std::string_view out;
  if (row_) {
    out = {PQgetvalue(row_.get(), 0, column), static_cast<std::size_t>(PQgetlength(row_.get(), 0, column))};
  } else if (const auto& value = buffered_[static_cast<std::size_t>(column)]) {
    out = *value;
  }
  if (truths_[static_cast<std::size_t>(column)]) return out == "t" ? "1" : out == "f" ? "0" : out;
  return out;
}

}  // namespace verbund::store::postgresql
