// SPDX-License-Identifier: EUPL-1.2
// One connection to PostgreSQL: prepared statements with binary values and answers. A fault ends the program.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <libpq-fe.h>

#include "engine.h"

namespace verbund::bench {

inline std::uint32_t number_at(const char* bytes) {
  std::uint32_t number;
  std::memcpy(&number, bytes, sizeof number);
  return ntohl(number);
}

// int4[] in the binary format of the protocol.
inline void append(std::string& out, std::uint32_t number) {
  number = htonl(number);
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}
inline std::string int_array(const std::vector<std::uint32_t>& numbers) {
  std::string out;
  for (const std::uint32_t head : {1U, 0U, 23U, static_cast<std::uint32_t>(numbers.size()), 1U}) append(out, head);
  for (const std::uint32_t number : numbers) {
    append(out, 4);
    append(out, number);
  }
  return out;
}
inline std::vector<std::uint32_t> numbers_of(const char* bytes) {
  std::vector<std::uint32_t> out;
  if (number_at(bytes) == 0) return out;   // dimensions
  const std::uint32_t count = number_at(bytes + 12);
  for (std::uint32_t i = 0; i < count; ++i) out.push_back(number_at(bytes + 24 + std::size_t{i} * 8));
  return out;
}

class Answer {
 public:
  Answer(PGconn* connection, PGresult* result) : result_(result) {
    const auto status = PQresultStatus(result_);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_COPY_IN) {
      give_up("postgresql: " + std::string(PQerrorMessage(connection)));
    }
  }
  ~Answer() { PQclear(result_); }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  int rows() const { return PQntuples(result_); }
  const char* at(int row, int column) const { return PQgetvalue(result_, row, column); }
  bool is_null(int row, int column) const { return PQgetisnull(result_, row, column) != 0; }

 private:
  PGresult* result_;
};

struct Value {
  std::string_view bytes;
  int format;   // 0 text, 1 binary
};

class PostgresClient {
 public:
  ~PostgresClient() { PQfinish(connection_); }
  PostgresClient() = default;
  PostgresClient(const PostgresClient&) = delete;
  PostgresClient& operator=(const PostgresClient&) = delete;

  void connect(const std::string& to) {
    connection_ = PQconnectdb(to.c_str());
    if (PQstatus(connection_) != CONNECTION_OK) give_up("postgresql: " + std::string(PQerrorMessage(connection_)));
  }
  int version() const { return PQserverVersion(connection_); }

  void execute(const std::string& sql) { Answer(connection_, PQexec(connection_, sql.c_str())); }

  Answer ask(const char* statement, std::initializer_list<Value> values) {
    std::array<const char*, 4> data{};
    std::array<int, 4> lengths{}, formats{};
    std::size_t count = 0;
    for (const Value& value : values) {
      data[count] = value.bytes.data();
      lengths[count] = static_cast<int>(value.bytes.size());
      formats[count++] = value.format;
    }
    return {connection_, PQexecPrepared(connection_, statement, static_cast<int>(count), data.data(), lengths.data(),
                                        formats.data(), 1)};
  }

  // COPY in its text format; `fill` is given a function that takes lines.
  template <typename Fill>
  void copy(const std::string& table, const Fill& fill) {
    execute("COPY " + table + " FROM STDIN");
    std::string buffer;
    const auto send = [&] {
      if (PQputCopyData(connection_, buffer.data(), static_cast<int>(buffer.size())) != 1) give_up("postgresql: COPY");
      buffer.clear();
    };
    fill([&](std::string_view line) {
      buffer.append(line) += '\n';
      if (buffer.size() > 1u << 16) send();
    });
    send();
    PQputCopyEnd(connection_, nullptr);
    while (PGresult* result = PQgetResult(connection_)) Answer(connection_, result);
  }

  void prepare(const std::string& name, const std::string& sql) {
    Answer(connection_, PQprepare(connection_, name.c_str(), sql.c_str(), 0, nullptr));
  }

  static std::string braces(const std::vector<std::uint32_t>& numbers) {
    std::string out = "{";
    for (const std::uint32_t number : numbers) out += (out.size() > 1 ? "," : "") + std::to_string(number);
    return out + '}';
  }

  static void append_text(std::string& out, std::string_view text) {
    for (const char c : text) {
      if (c == '\\') out += "\\\\";
      else if (c == '\n' || c == '\t' || c == '\r') out += ' ';
      else out += c;
    }
  }

 private:
  PGconn* connection_ = nullptr;
};

}  // namespace verbund::bench
