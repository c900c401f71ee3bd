// SPDX-License-Identifier: EUPL-1.2
#include "kits/store/postgresql_statement.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace verbund::store::postgresql {
namespace {

constexpr std::size_t cached_statements = 256;      // per connection
constexpr std::size_t bulk_bytes = 1 << 18;         // rows that are sent as one COPY
constexpr std::size_t push_bytes = 1 << 14;         // after so many more the server is given of those before

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Calls `each` with the places of `sql` that are neither in a text ('...') nor in a name ("...").
void each_bare(std::string_view sql, const std::function<void(std::size_t)>& each) {
  char quote = 0;
  for (std::size_t at = 0; at < sql.size(); ++at) {
    if (quote != 0) {
      if (sql[at] == quote) quote = 0;
    } else if (sql[at] == '\'' || sql[at] == '"') {
      quote = sql[at];
    } else {
      each(at);
    }
  }
}

class PgStatement : public Statement::Driver {
 public:
  PgStatement(PgConnection& connection, PgConnection::Idle::node_type idle, int parameters)
      : connection_(connection), idle_(std::move(idle)), answer_(connection.link()),
        values_(static_cast<std::size_t>(parameters)), bound_(static_cast<std::size_t>(parameters), false) {}
  ~PgStatement() override {
    try {
      reset();
    } catch (const Failure&) {
      // Whoever uses the connection next finds out.
    }
    connection_.give_back(std::move(idle_));
  }

  void bind(int parameter, std::string_view value) override {
    check_text(value);
    place(parameter).emplace(value);
  }
  void bind(int parameter, std::int64_t value) override {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    place(parameter).emplace(digits, end);
  }
  void bind_null(int parameter) override { place(parameter).reset(); }

  bool step() override {
    if (!active_) {
      require_bound();
      connection_.send_kept(idle_.key());
      connection_.link().start(answer_, idle_.mapped(), idle_.key(), values_);
      active_ = true;
    }
    bool row = false;
    try {
      row = answer_.step();
    } catch (...) {
      active_ = false;
      throw;
    }
    if (row) return true;
    changes_ = answer_.changes();
    reset();
    return false;
  }
  void run_later() override {
    reset();
    require_bound();
    connection_.send_kept(idle_.key());
    connection_.link().later(idle_.mapped(), idle_.key(), values_);
  }
  void reset() override {
    active_ = false;
    answer_.drop();
  }
  std::int64_t changes() const override { return changes_; }

  bool is_null(int column) const override { return checked().is_null(column); }
  std::string_view text(int column) const override { return checked().text(column); }
  std::int64_t number(int column) const override {
    // As SQLite reads a number from a text: as far as it is one.
    const std::string_view digits = checked().text(column);
    std::int64_t out = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return out;
  }

 private:
  void require_bound() const {
    for (std::size_t n = 0; n < bound_.size(); ++n) VERBUND_CHECK(bound_[n]);
  }
  std::optional<std::string>& place(int parameter) {
    VERBUND_CHECK(parameter > 0 && static_cast<std::size_t>(parameter) <= values_.size());
    if (active_) reset();
    bound_[static_cast<std::size_t>(parameter) - 1] = true;
    return values_[static_cast<std::size_t>(parameter) - 1];
  }
  const Answer& checked() const {
    VERBUND_CHECK(active_);
    return answer_;
  }

  PgConnection& connection_;
  PgConnection::Idle::node_type idle_;
  Answer answer_;
  Values values_;
  std::vector<bool> bound_;
  bool active_ = false;
  std::int64_t changes_ = 0;
};

// Lines of COPY in the text format (chapter "COPY", section "Text Format").
class PgBulk : public Bulk {
 public:
  PgBulk(PgConnection& connection, PgConnection::Kept& kept, std::size_t columns)
      : connection_(connection), kept_(kept), lines_(kept.lines), columns_(columns) {}
  ~PgBulk() override {
    if (given_ > 0) lines_.resize(lines_.rfind('\n') + 1);   // npos + 1 is 0
  }

  Bulk& add(std::string_view value) override {
    check_text(value);
    begin();
    for (std::size_t at = 0; at < value.size();) {
      const std::size_t special = std::min(value.find_first_of("\\\n\r\t", at), value.size());
      lines_ += value.substr(at, special - at);
      if (special == value.size()) break;
      lines_ += '\\';
      switch (value[special]) {
        case '\n': lines_ += 'n'; break;
        case '\r': lines_ += 'r'; break;
        case '\t': lines_ += 't'; break;
        default: lines_ += '\\';
      }
      at = special + 1;
    }
    return end();
  }
  Bulk& add(std::int64_t value) override {
    begin();
    lines_ += std::to_string(value);
    return end();
  }
  Bulk& add_null() override {
    begin();
    lines_ += "\\N";
    return end();
  }
  void flush() override {
    VERBUND_CHECK(given_ == 0);
    connection_.send(kept_);
  }

 private:
  void begin() {
    if (given_ > 0) lines_ += '\t';
    ++given_;
  }
  Bulk& end() {
    if (given_ < columns_) return *this;
    given_ = 0;
    lines_ += '\n';
    if (lines_.size() >= bulk_bytes) flush();
    if (const std::size_t pushed = lines_.size() / push_bytes; pushed != pushed_) {
      pushed_ = pushed;
      connection_.link().push();
    }
    return *this;
  }

  PgConnection& connection_;
  PgConnection::Kept& kept_;
  std::string& lines_;
  std::size_t pushed_ = 0;       // push_bytes of lines_
  const std::size_t columns_;
  std::size_t given_ = 0;
};

}  // namespace

std::string schema_text(std::string_view sql) {
  if (sql.find("CREATE ") == sql.npos && sql.find("ALTER TABLE") == sql.npos) return std::string(sql);
  std::string out;
  std::size_t copied = 0;
  each_bare(sql, [&](std::size_t at) {
    if (sql.substr(at, 4) != "TEXT" || (at > 0 && is_word(sql[at - 1])) ||
        (at + 4 < sql.size() && is_word(sql[at + 4])))
      return;
    out += sql.substr(copied, at + 4 - copied);
    out += " COLLATE \"C\"";
    copied = at + 4;
  });
  out += sql.substr(copied);
  return out;
}

int parameter_count(std::string_view sql) {
  int most = 0;
  each_bare(sql, [&](std::size_t at) {
    int number = 0;
    if (sql[at] == '$') std::from_chars(sql.data() + at + 1, sql.data() + sql.size(), number);
    most = std::max(most, number);
  });
  return most;
}

Statement PgConnection::prepare(std::string_view sql) {
  auto found = idle_.find(sql);
  if (found == idle_.end()) {
    std::string text(sql);
    std::string name = link_.prepare(text);
    found = idle_.emplace(std::move(text), std::move(name));
  }
  const int parameters = parameter_count(sql);
  return Statement(std::make_unique<PgStatement>(*this, idle_.extract(found), parameters));
}

void PgConnection::give_back(Idle::node_type idle) {
  if (idle_.size() < cached_statements) {
    idle_.insert(std::move(idle));
    return;
  }
  try {
    link_.forget(idle.mapped());
  } catch (const Failure&) {
    // In a transaction that has failed nothing can be forgotten; it goes with the connection.
  }
}

void PgConnection::execute(std::string_view sql) {
  send_kept(sql);
  link_.execute(schema_text(sql));
}

void PgConnection::send(Kept& kept) {
  const std::size_t whole = kept.lines.rfind('\n') + 1;   // npos + 1 is 0; what follows is half given
  if (whole == 0) return;
  std::string lines = kept.lines.substr(whole);
  std::swap(lines, kept.lines);
  lines.resize(whole);
  kept.lines.reserve(lines.capacity());
  link_.copy(kept.statement, lines);
}

void PgConnection::send_kept(std::string_view sql) {
  for (Kept& kept : kept_)
    if (!kept.lines.empty() && sql.find(kept.table) != sql.npos) send(kept);
}

void PgConnection::send_kept() {
  for (Kept& kept : kept_) send(kept);
}

void PgConnection::drop_kept() {
  for (Kept& kept : kept_) kept.lines = {};
}

std::unique_ptr<Bulk> PgConnection::bulk(std::string_view table, std::string_view columns) {
  const std::size_t count = column_names(columns).size();
  const std::string name = column_names(table).front();
  const std::string statement = "COPY " + name + "(" + std::string(columns) + ") FROM STDIN";
  auto kept = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& one) { return one.statement == statement; });
  if (kept == kept_.end()) kept = kept_.insert(kept_.end(), {name, statement, {}});
  return std::make_unique<PgBulk>(*this, *kept, count);
}

}  // namespace verbund::store::postgresql
