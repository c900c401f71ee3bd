// SPDX-License-Identifier: EUPL-1.2
#include <libpq-fe.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "kits/store/postgresql_link.h"

namespace verbund::store::postgresql {
namespace {

constexpr std::size_t buffered_in_memory = 8 << 20;

void append_number(std::string& out, std::int32_t number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

}  // namespace

RowBuffer::~RowBuffer() { clear(); }

void RowBuffer::clear() {
  if (file_) std::fclose(file_);
  file_ = nullptr;
  memory_ = {};
  read_ = 0;
  reading_file_ = false;
}

// A row: for each column its length (-1: NULL) and its bytes, after the length of the whole.
void RowBuffer::append(const pg_result* row, int columns) {
  std::string record;
  append_number(record, columns);
  for (int column = 0; column < columns; ++column) {
    const bool null = PQgetisnull(row, 0, column) != 0;
    const int length = null ? -1 : PQgetlength(row, 0, column);
    append_number(record, length);
    if (!null) record.append(PQgetvalue(row, 0, column), static_cast<std::size_t>(length));
  }
  if (!file_ && memory_.size() + record.size() <= buffered_in_memory) {
    append_number(memory_, static_cast<std::int32_t>(record.size()));
    memory_ += record;
    return;
  }
  if (!file_) file_ = std::tmpfile();
  const auto size = static_cast<std::int32_t>(record.size());
  if (!file_ || std::fwrite(&size, sizeof size, 1, file_) != 1 ||
      std::fwrite(record.data(), 1, record.size(), file_) != record.size())
    throw Failure(std::string("store: rows cannot be kept in a temporary file: ") + std::strerror(errno));
}

bool RowBuffer::next(Values& values) {
  std::string from_file;
  std::string_view record;
  std::int32_t size = 0;
  if (read_ < memory_.size()) {
    std::memcpy(&size, memory_.data() + read_, sizeof size);
    record = std::string_view(memory_).substr(read_ + sizeof size, static_cast<std::size_t>(size));
    read_ += sizeof size + record.size();
  } else {
    if (!file_) return false;
    if (!std::exchange(reading_file_, true)) std::rewind(file_);
    if (std::fread(&size, sizeof size, 1, file_) != 1) return false;
    from_file.resize(static_cast<std::size_t>(size));
    if (std::fread(from_file.data(), 1, from_file.size(), file_) != from_file.size())
      throw Failure("store: a temporary file cannot be read");
    record = from_file;
  }
  const auto number = [&record] {
    std::int32_t out = 0;
    std::memcpy(&out, record.data(), sizeof out);
    record.remove_prefix(sizeof out);
    return out;
  };
  values.assign(static_cast<std::size_t>(number()), std::nullopt);
  for (auto& value : values) {
    const std::int32_t length = number();
    if (length < 0) continue;
    value.emplace(record.substr(0, static_cast<std::size_t>(length)));
    record.remove_prefix(static_cast<std::size_t>(length));
  }
  return true;
}

}  // namespace verbund::store::postgresql
