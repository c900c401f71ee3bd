// SPDX-License-Identifier: EUPL-1.2
// A database around another one: what is read and written passes by here.
#include "kits/store/text_stock.h"

#include <chrono>
#include <filesystem>
#include <unordered_set>
#include <utility>

#include "kits/crypto/digest.h"
#include "kits/store/driver.h"
#include "kits/store/text_stock_store.h"

namespace verbund::store {
namespace {

constexpr std::string_view marker = "\x01=";       // then the digest: a reference
constexpr std::string_view escape = "\x01+";       // then a text that begins with U+0001 itself
constexpr std::size_t reference_size = 2 + 64;
constexpr std::size_t kept_back = 4u << 20;        // bytes of texts that wait for the end of a transaction
constexpr std::int64_t longest_write = 24 * 3'600; // seconds

std::int64_t seconds_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch().count();
}

bool is_reference(std::string_view text) { return text.size() == reference_size && text.starts_with(marker); }

// The texts of one transaction.
class Texts {
 public:
  Texts(TextStock& stock, const std::string& name) : stock_(stock), name_(name) {}

  std::string reference(std::string_view text) {
    std::string digest = crypto::sha256_hex(text);
    std::string out = std::string(marker) + digest;
    if (waiting_.emplace(std::move(digest), text).second) bytes_ += text.size();
    if (bytes_ > kept_back) flush();
    return out;
  }
  std::string text(std::string_view reference) {
    const std::string digest(reference.substr(marker.size()));
    if (const auto waits = waiting_.find(digest); waits != waiting_.end()) return waits->second;
    auto out = stock_.text(name_, digest);
    if (!out) throw Failure("store: a text in common is not there: " + digest);
    return std::move(*out);
  }
  void flush() {
    if (!waiting_.empty()) stock_.keep(name_, waiting_, seconds_now());
    waiting_.clear();
    bytes_ = 0;
  }

 private:
  TextStock& stock_;
  const std::string& name_;
  std::map<std::string, std::string> waiting_;
  std::size_t bytes_ = 0;
};

// What is written instead of `value`; `space` may hold it.
std::string_view written(std::string_view value, bool shared, Texts& texts, std::string& space) {
  if (shared && value.size() >= shortest_shared) {
    check_text(value);
    return space = texts.reference(value);
  }
  if (value.starts_with('\x01')) return space = std::string(escape) + std::string(value);
  return value;
}

class SharingStatement : public Statement::Driver {
 public:
  SharingStatement(Statement inner, Texts& texts, int shared)
      : inner_(std::move(inner)), texts_(texts), shared_(shared) {}

  void bind(int parameter, std::string_view value) override {
    std::string space;
    inner_.bind(parameter, written(value, parameter == shared_, texts_, space));
  }
  void bind(int parameter, std::int64_t value) override { inner_.bind(parameter, value); }
  void bind_null(int parameter) override { inner_.bind_null(parameter); }
  bool step() override {
    read_.clear();
    return inner_.step();
  }
  void run_later() override {
    read_.clear();
    inner_.run_later();
  }
  void reset() override {
    read_.clear();
    inner_.reset();
  }
  std::int64_t changes() const override { return inner_.changes(); }
  bool is_null(int column) const override { return inner_.is_null(column); }
  std::string_view text(int column) const override {
    const std::string_view value = inner_.text(column);
    if (!value.starts_with('\x01')) return value;
    if (value.starts_with(escape)) return value.substr(escape.size());
    if (!is_reference(value)) return value;
    auto found = read_.find(column);
    if (found == read_.end()) found = read_.emplace(column, texts_.text(value)).first;
    return found->second;
  }
  std::int64_t number(int column) const override { return inner_.number(column); }

 private:
  Statement inner_;
  Texts& texts_;
  const int shared_;                              // parameter; 0: none
  mutable std::map<int, std::string> read_;       // of this row, by column
};

class SharingBulk : public Bulk {
 public:
  SharingBulk(std::unique_ptr<Bulk> inner, Texts& texts, std::size_t columns, int shared)
      : inner_(std::move(inner)), texts_(texts), columns_(columns), shared_(shared) {}
  Bulk& add(std::string_view value) override {
    std::string space;
    inner_->add(written(value, static_cast<int>(at_) == shared_, texts_, space));
    return next();
  }
  Bulk& add(std::int64_t value) override { return inner_->add(value), next(); }
  Bulk& add_null() override { return inner_->add_null(), next(); }
  void flush() override { inner_->flush(); }

 private:
  Bulk& next() {
    at_ = (at_ + 1) % columns_;
    return *this;
  }

  const std::unique_ptr<Bulk> inner_;
  Texts& texts_;
  const std::size_t columns_;
  const int shared_;                              // column from 0; -1: none
  std::size_t at_ = 0;
};

class SharingConnection : public Connection {
 public:
  SharingConnection(Connection& inner, TextStock& stock, const std::string& name, const SharedColumn& shared)
      : inner_(inner), texts_(stock, name), shared_(shared) {}
  Statement prepare(std::string_view sql) override {
    const bool writes = !shared_.insert.empty() && sql.starts_with(shared_.insert);
    return Statement(
        std::make_unique<SharingStatement>(inner_.prepare(sql), texts_, writes ? shared_.column + 1 : 0));
  }
  void execute(std::string_view sql) override { inner_.execute(sql); }
  std::unique_ptr<Bulk> bulk(std::string_view table, std::string_view columns) override {
    const bool writes = !shared_.table.empty() && table == shared_.table;
    return std::make_unique<SharingBulk>(inner_.bulk(table, columns), texts_, column_names(columns).size(),
                                         writes ? shared_.column : -1);
  }
  bool secondary() const override { return inner_.secondary(); }
  void flush() { texts_.flush(); }

 private:
  Connection& inner_;
  Texts texts_;
  const SharedColumn& shared_;
};

class SharingDatabase : public Database {
 public:
  SharingDatabase(std::unique_ptr<Database> inner, std::shared_ptr<TextStock> stock, std::string name,
                  SharedColumn shared)
      : inner_(std::move(inner)), stock_(std::move(stock)), name_(std::move(name)), shared_(shared) {}

  void read(const std::function<void(Connection&)>& work) override { inner_->read(sharing(work)); }
  void read_anywhere(const std::function<void(Connection&)>& work) override { inner_->read_anywhere(sharing(work)); }
  Result<void> write(const std::function<Result<void>(Connection&)>& work, Again again) override {
    return inner_->write([&](Connection& connection) -> Result<void> {
      SharingConnection sharing(connection, *stock_, name_, shared_);
      auto outcome = work(sharing);
      if (outcome) sharing.flush();
      return outcome;
    }, again);
  }
  std::int64_t version() override { return inner_->version(); }
  std::unique_ptr<NamedLock> try_lock(std::string_view name) override { return inner_->try_lock(name); }
  std::string trouble() override {
    std::string out = inner_->trouble();
    return out.empty() ? stock_->trouble() : out;
  }
  bool readable() override { return inner_->readable() && stock_->readable(); }
  std::vector<std::string> integrity_findings() override { return inner_->integrity_findings(); }

  Swept sweep(std::int64_t now) {
    if (shared_.select.empty()) return {};
    std::unordered_set<std::string> named;
    inner_->read([&](Connection& connection) {
      auto rows = connection.prepare(shared_.select);
      while (rows.step())
        if (is_reference(rows.text(0))) named.emplace(rows.text(0).substr(marker.size()));
    });
    return stock_->sweep(name_, [&](std::string_view digest) { return named.contains(std::string(digest)); },
                         now - longest_write);
  }

 private:
  std::function<void(Connection&)> sharing(const std::function<void(Connection&)>& work) {
    return [this, &work](Connection& connection) {
      SharingConnection sharing(connection, *stock_, name_, shared_);
      work(sharing);
    };
  }

  const std::unique_ptr<Database> inner_;
  const std::shared_ptr<TextStock> stock_;
  const std::string name_;
  const SharedColumn shared_;
};

Options stock_options(const Options& options, const std::string& place) {
  Options out;
  if (is_server(options.path)) {
    out.path = options.path;
    out.schema = place;
    out.connections = shared_connections({.readers = 4, .writers = 1});
    return out;
  }
  out.path = (std::filesystem::path(options.path).parent_path() / place).lexically_normal().string();
  out.writer_cache_kib = out.cache_kib;
  return out;
}

bool has_mark(Database& database) {
  bool there = false;
  auto* const driver = dynamic_cast<DriverDatabase*>(&database);
  if (driver == nullptr) return false;
  database.read([&](Connection& connection) { there = driver->has_table(connection, "text_stock"); });
  return there;
}

}  // namespace

Result<std::shared_ptr<TextStock>> TextStocks::at(const Options& options) {
  const std::lock_guard lock(mutex_);
  std::weak_ptr<TextStock>& known = open_[options.path + " " + options.schema];
  if (auto there = known.lock()) return there;
  auto database = Database::open(options, text_stock_migrations());
  if (!database) return pass(database);
  auto out = std::make_shared<TextStock>(std::move(*database));
  known = out;
  return out;
}

Result<std::unique_ptr<Database>> with_texts(std::unique_ptr<Database> database, const Options& options) {
  try {
    if (!has_mark(*database)) return database;
    std::optional<std::pair<std::string, std::string>> said;
    database->read([&](Connection& connection) { said = said_sharing(connection); });
    if (!said) return database;
    TextStocks own;
    auto stock = own.at(stock_options(options, said->first));
    if (!stock) return pass(stock);
    return std::make_unique<SharingDatabase>(std::move(database), std::move(*stock), std::move(said->second),
                                             SharedColumn{});
  } catch (const Failure& failure) {
    return fail(ErrorCode::unavailable, failure.what(), shown(options.path),
                "look at the store of the texts in common");
  }
}

Result<std::unique_ptr<Database>> open_sharing(const Options& options, const std::vector<Migration>& migrations,
                                               const Sharing& sharing, TextStocks* stocks) {
  auto database = open_alone(options, migrations);
  if (!database) return pass(database);
  TextStocks own;
  auto stock = (stocks != nullptr ? *stocks : own).at(stock_options(options, sharing.place));
  if (!stock) return pass(stock);
  try {
    std::optional<std::pair<std::string, std::string>> said;
    if (has_mark(**database)) (*database)->read([&](Connection& connection) { said = said_sharing(connection); });
    if (!said || said->first != sharing.place || said->second != sharing.name) {
      auto done = (*database)->write([&](Connection& connection) -> Result<void> {
        say_sharing(connection, sharing.place, sharing.name);
        return {};
      });
      if (!done) return pass(done);
    }
  } catch (const Failure& failure) {
    return fail(ErrorCode::unavailable, failure.what(), shown(options.path));
  }
  return std::make_unique<SharingDatabase>(std::move(*database), std::move(*stock), sharing.name, sharing.texts);
}

Swept sweep_texts(Database& database, std::int64_t now) {
  auto* const sharing = dynamic_cast<SharingDatabase*>(&database);
  return sharing == nullptr ? Swept{} : sharing->sweep(now);
}

}  // namespace verbund::store
