// SPDX-License-Identifier: EUPL-1.2
// Tables text_body, text_note of a stock; text_stock of a database that shares. Owner: kits/store. No personal data.
#include "kits/store/text_stock_store.h"

#include "kits/store/unavailable.h"

namespace verbund::store {
namespace {

constexpr std::int64_t noted_again = 3'600;   // seconds: what was noted so long ago is noted anew when it is named anew

// What the engine throws means its own connection, never that of the database that asks.
template <typename Work>
auto asked(const Work& work) {
  try {
    return work();
  } catch (const Unavailable& failure) {
    throw Unavailable("texts in common: " + std::string(failure.what()));
  } catch (const Failure& failure) {
    throw Failure("texts in common: " + std::string(failure.what()));
  }
}

}  // namespace

std::vector<Migration> text_stock_migrations() {
  return {{"texts", 1,
           "CREATE TABLE text_body("
           " digest TEXT NOT NULL PRIMARY KEY,"
           " body TEXT NOT NULL);"
           "CREATE TABLE text_note("
           " name TEXT NOT NULL,"
           " digest TEXT NOT NULL,"
           " noted BIGINT NOT NULL,"
           " PRIMARY KEY (name, digest));"
           "CREATE INDEX text_note_of ON text_note(digest)"}};
}

void TextStock::keep(std::string_view name, const std::map<std::string, std::string>& texts, std::int64_t now) {
  asked([&] {
    static_cast<void>(database_->write([&](Connection& connection) -> Result<void> {
      auto note = connection.prepare("SELECT noted FROM text_note WHERE name = $1 AND digest = $2");
      auto body =
          connection.prepare("INSERT INTO text_body(digest, body) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING");
      auto noted = connection.prepare("INSERT INTO text_note(name, digest, noted) VALUES ($1, $2, $3)"
                                      " ON CONFLICT (name, digest) DO UPDATE SET noted = excluded.noted");
      for (const auto& [digest, text] : texts) {
        const bool there = note.bind(1, name).bind(2, digest).step();
        const bool fresh = there && note.number(0) > now - noted_again;
        note.reset();
        if (fresh) continue;
        if (!there) body.bind(1, digest).bind(2, text).run();
        noted.bind(1, name).bind(2, digest).bind(3, now).run();
      }
      return {};
    }, Again::yes));
  });
}

std::optional<std::string> TextStock::text(std::string_view name, std::string_view digest) {
  return asked([&] {
    std::optional<std::string> out;
    database_->read_anywhere([&](Connection& connection) {   // a text with this digest is this text on every server
      auto row = connection.prepare("SELECT b.body FROM text_note n JOIN text_body b ON b.digest = n.digest"
                                    " WHERE n.name = $1 AND n.digest = $2");
      if (row.bind(1, name).bind(2, digest).step()) out.emplace(row.text(0));
    });
    return out;
  });
}

Swept TextStock::sweep(std::string_view name, const std::function<bool(std::string_view digest)>& named,
                       std::int64_t before) {
  return asked([&] {
    std::vector<std::string> unnamed;
    database_->read([&](Connection& connection) {
      auto rows = connection.prepare("SELECT digest FROM text_note WHERE name = $1 AND noted < $2");
      rows.bind(1, name).bind(2, before);
      while (rows.step())
        if (!named(rows.text(0))) unnamed.emplace_back(rows.text(0));
    });
    Swept out;
    if (unnamed.empty()) return out;
    static_cast<void>(database_->write([&](Connection& connection) -> Result<void> {
      out = {};
      // Who has named it meanwhile has noted it anew.
      auto note = connection.prepare("DELETE FROM text_note WHERE name = $1 AND digest = $2 AND noted < $3");
      auto body = connection.prepare("DELETE FROM text_body WHERE digest = $1"
                                     " AND NOT EXISTS (SELECT 1 FROM text_note n WHERE n.digest = text_body.digest)");
      for (const std::string& digest : unnamed) {
        note.bind(1, name).bind(2, digest).bind(3, before).run();
        if (note.changes() == 0) continue;
        ++out.notes;
        body.bind(1, digest).run();
        out.texts += body.changes();
      }
      return {};
    }, Again::yes));
    return out;
  });
}

void say_sharing(Connection& connection, std::string_view place, std::string_view name) {
  connection.execute("CREATE TABLE IF NOT EXISTS text_stock(one BIGINT NOT NULL PRIMARY KEY, place TEXT NOT NULL,"
                     " name TEXT NOT NULL)");
  connection.prepare("INSERT INTO text_stock(one, place, name) VALUES (1, $1, $2)"
                     " ON CONFLICT (one) DO UPDATE SET place = excluded.place, name = excluded.name")
      .bind(1, place).bind(2, name).run();
}

std::optional<std::pair<std::string, std::string>> said_sharing(Connection& connection) {
  auto row = connection.prepare("SELECT place, name FROM text_stock WHERE one = 1");
  if (!row.step()) return std::nullopt;
  return std::pair(std::string(row.text(0)), std::string(row.text(1)));
}

}  // namespace verbund::store
