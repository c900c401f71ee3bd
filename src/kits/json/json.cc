// SPDX-License-Identifier: EUPL-1.2
// Reading JSON: one SAX handler for whole documents and for the elements of a long array.
#include "kits/json/json.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>

#include "base/check.h"

namespace verbund {
namespace {

namespace bj = boost::json;

// Parser, values and their destructors recurse: whatever a caller asks for, no document nests deeper than this.
constexpr std::size_t depth_ceiling = 1000;
// Digits of one number. A double needs at most 767; more is an attack or a fault.
constexpr std::size_t number_ceiling = 1024;
constexpr std::size_t chunk_bytes = 64u << 10;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// The open arrays and objects of one value while its events come in.
class Builder {
 public:
  bool is_open() const { return !open_.empty(); }
  std::size_t depth() const { return open_.size(); }
  std::size_t values() const { return values_; }
  std::size_t bytes() const { return bytes_; }

  void begin(Json container) {
    ++values_;
    open_.push_back({std::move(container), {}});
  }
  // False if the object has the key already.
  bool key(std::string name) {
    bytes_ += name.size();
    if (open_.back().value.find(name)) return false;
    open_.back().key = std::move(name);
    return true;
  }
  void scalar(Json value, std::size_t bytes) {
    ++values_;
    bytes_ += bytes;
    place(std::move(value));
  }
  void end() {
    Json done = std::move(open_.back().value);
    open_.pop_back();
    place(std::move(done));
  }
  Json take() {
    values_ = 0;
    bytes_ = 0;
    return std::move(result_);
  }

 private:
  struct Open {
    Json value;
    std::string key;  // the last one read, of an object
  };

  void place(Json value) {
    if (open_.empty()) {
      result_ = std::move(value);
    } else if (Json::Array* array = open_.back().value.if_array()) {
      array->push_back(std::move(value));
    } else {
      open_.back().value.if_object()->emplace(std::move(open_.back().key), std::move(value));
    }
  }

  std::vector<Open> open_;
  Json result_;
  std::size_t values_ = 0;
  std::size_t bytes_ = 0;
};

// What a stream of elements needs beside a document.
struct Stream {
  std::string_view field;
  const std::function<Result<void>(Json, std::size_t)>* each;
  std::size_t line = 1;      // where the parser is, kept by the feeder
  bool found = false;        // the array was seen
  bool in_elements = false;  // we are within the array
  std::size_t level = 0;     // depth of its elements
  bool at_field = false;     // the last key of the top-level object was `field`
  std::size_t element_line = 0;
};

// Gets the parser's events. Values outside the wanted array are checked but not kept.
class Handler {
 public:
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

  Handler(const JsonLimits& limits, Stream* stream) : limits_(limits), stream_(stream) {}

  Json take() { return builder_.take(); }
  // Why a handler function gave false; nothing if the parser itself found the fault.
  std::optional<Error>& failure() { return failure_; }
  bool failure_has_place() const { return failure_has_place_; }

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }
  bool on_array_begin(bj::error_code& ec) { return on_container(true, ec); }
  bool on_object_begin(bj::error_code& ec) { return on_container(false, ec); }
  bool on_array_end(std::size_t, bj::error_code& ec) { return on_container_end(ec); }
  bool on_object_end(std::size_t, bj::error_code& ec) { return on_container_end(ec); }

  bool on_key_part(bj::string_view part, std::size_t, bj::error_code& ec) { return on_text(part, ec); }
  bool on_key(bj::string_view part, std::size_t, bj::error_code& ec) {
    if (!on_text(part, ec)) return false;
    std::string name = std::exchange(text_, {});
    if (builder_.is_open()) {
      const std::string shown = name.substr(0, 64);
      return builder_.key(std::move(name)) || stop(ec, ErrorCode::invalid, "the key \"" + shown + "\" comes twice");
    }
    stream_->at_field = depth_ == 1 && name == stream_->field;
    return true;
  }
  bool on_string_part(bj::string_view part, std::size_t, bj::error_code& ec) { return on_text(part, ec); }
  bool on_string(bj::string_view part, std::size_t, bj::error_code& ec) {
    if (!on_text(part, ec)) return false;
    std::string text = std::exchange(text_, {});
    const std::size_t bytes = text.size();
    return on_scalar(Json(std::move(text)), bytes, ec);
  }
  bool on_number_part(bj::string_view part, bj::error_code& ec) { return on_digits(part, ec); }
  bool on_int64(std::int64_t value, bj::string_view part, bj::error_code& ec) {
    if (!on_digits(part, ec)) return false;
    return on_scalar(Json(value), std::exchange(text_, {}).size(), ec);
  }
  bool on_uint64(std::uint64_t value, bj::string_view part, bj::error_code& ec) {
    return on_double(static_cast<double>(value), part, ec);
  }
  // Boost rounds the last bit of a double now and then: the digits are read again, exactly.
  bool on_double(double rough, bj::string_view part, bj::error_code& ec) {
    if (!on_digits(part, ec)) return false;
    const std::string digits = std::exchange(text_, {});
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc::result_out_of_range) {
      if (std::abs(rough) > 1) {
        return stop(ec, ErrorCode::invalid, "the number " + digits.substr(0, 40) + " is too large for a double");
      }
      value = 0;
    }
    return on_scalar(Json(value), digits.size(), ec);
  }
  bool on_bool(bool value, bj::error_code& ec) { return on_scalar(Json(value), 1, ec); }
  bool on_null(bj::error_code& ec) { return on_scalar(Json(), 1, ec); }
  bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
  bool on_comment(bj::string_view, bj::error_code&) { return true; }

 private:
  enum class Fate { keep, skip, refuse };

  bool stop(bj::error_code& ec, ErrorCode code, std::string message, std::string hint = {}) {
    failure_ = Error{code, std::move(message), {}, std::move(hint)};
    ec = bj::error::syntax;
    return false;
  }

  // Decides about a value that begins now.
  Fate judge(bool is_array, bool is_container, bj::error_code& ec) {
    if (!stream_ || builder_.is_open()) return Fate::keep;
    Stream& s = *stream_;
    if (s.in_elements) {  // not within an open element: a new one
      s.element_line = s.line;
      return Fate::keep;
    }
    const bool here = depth_ == 0 ? is_array : depth_ == 1 && s.at_field;
    if (!here) {
      if (depth_ > 0 || is_container) return Fate::skip;
      stop(ec, ErrorCode::invalid, "neither a list nor an object");
      return Fate::refuse;
    }
    const std::string name = "field \"" + std::string(s.field) + "\"";
    if (!is_array || s.found) {
      stop(ec, ErrorCode::invalid, name + (s.found ? " comes twice" : " is no list"));
      return Fate::refuse;
    }
    s.found = true;
    s.in_elements = true;
    s.level = depth_ + 1;
    return Fate::skip;
  }

  bool check_limits(bj::error_code& ec) {
    if (builder_.depth() > limits_.depth) {
      return stop(ec, ErrorCode::too_large, "nested deeper than " + std::to_string(limits_.depth) + " levels");
    }
    if (builder_.values() > limits_.values) {
      return stop(ec, ErrorCode::too_large, "more than " + std::to_string(limits_.values) + " values in one piece");
    }
    if (builder_.bytes() + text_.size() > limits_.bytes) {
      return stop(ec, ErrorCode::too_large, "longer than " + std::to_string(limits_.bytes) + " bytes in one piece");
    }
    return true;
  }

  bool on_container(bool is_array, bj::error_code& ec) {
    const Fate fate = judge(is_array, true, ec);
    if (fate == Fate::refuse) return false;
    ++depth_;
    if (fate == Fate::skip) return true;
    builder_.begin(is_array ? Json(Json::Array()) : Json(Json::Object()));
    return check_limits(ec);
  }
  bool on_container_end(bj::error_code& ec) {
    --depth_;
    if (builder_.is_open()) {
      builder_.end();
      return hand_out(ec);
    }
    if (stream_ && stream_->in_elements && depth_ + 1 == stream_->level) stream_->in_elements = false;
    return true;
  }
  bool on_scalar(Json value, std::size_t bytes, bj::error_code& ec) {
    const Fate fate = judge(false, false, ec);
    if (fate != Fate::keep) return fate == Fate::skip;
    builder_.scalar(std::move(value), bytes);
    return check_limits(ec) && hand_out(ec);
  }
  bool hand_out(bj::error_code& ec) {
    if (!stream_ || builder_.is_open()) return true;
    Result<void> taken = (*stream_->each)(builder_.take(), stream_->element_line);
    if (taken) return true;
    failure_has_place_ = true;
    failure_ = std::move(taken.error());
    ec = bj::error::syntax;
    return false;
  }

  bool on_text(bj::string_view part, bj::error_code& ec) {
    if (part.find('\0') != bj::string_view::npos) {
      return stop(ec, ErrorCode::invalid, "a string with the character U+0000", "remove it");
    }
    const bool kept = !stream_ || builder_.is_open() || stream_->in_elements;
    // Of a skipped text only what may be the wanted field name is of interest.
    const std::size_t wanted = kept ? part.size() : stream_->field.size() + 1;
    if (kept || text_.size() < wanted) text_.append(part.data(), std::min(part.size(), wanted));
    return check_limits(ec);
  }
  bool on_digits(bj::string_view part, bj::error_code& ec) {
    if (text_.size() + part.size() > number_ceiling) {
      return stop(ec, ErrorCode::too_large, "a number of more than " + std::to_string(number_ceiling) + " digits");
    }
    text_.append(part.data(), part.size());
    return true;
  }

  const JsonLimits& limits_;
  Stream* stream_;
  Builder builder_;
  std::string text_;  // of the string, key or number being read
  std::size_t depth_ = 0;
  std::optional<Error> failure_;
  bool failure_has_place_ = false;
};

// A parser that knows where it is.
class Feeder {
 public:
  Feeder(std::string_view name, const JsonLimits& limits, Stream* stream)
      : name_(name), stream_(stream), parser_(options(limits, stream), limits, stream) {}

  Handler& handler() { return parser_.handler(); }

  Result<void> write(std::string_view piece, bool more) {
    bj::error_code ec;
    const std::size_t used = parser_.write_some(more, piece.data(), piece.size(), ec);
    if (!ec && used == piece.size()) {
      if (stream_) advance(piece);
      return {};
    }
    advance(piece.substr(0, used));
    if (handler().failure()) {
      Error error = std::move(*handler().failure());
      if (!handler().failure_has_place()) error.where = place();
      return std::unexpected(std::move(error));
    }
    if (!ec) return fail(ErrorCode::invalid, "something follows after the end of the JSON document", place());
    if (ec == bj::error::too_deep) return fail(ErrorCode::too_large, "nested too deeply", place());
    if (ec == bj::error::incomplete) return fail(ErrorCode::invalid, "the JSON document ends too early", place());
    return fail(ErrorCode::invalid, "not well-formed JSON: " + ec.message(), place());
  }

  // "name:line:column", columns counted in characters.
  std::string place() const { return name_ + ":" + std::to_string(line_) + ":" + std::to_string(column_ + 1); }

 private:
  static bj::parse_options options(const JsonLimits& limits, const Stream* stream) {
    bj::parse_options out;
    // One level more than allowed, so that our own check speaks first; a stream has up to two levels around elements.
    out.max_depth = std::min(limits.depth, depth_ceiling) + (stream ? 3 : 1);
    return out;
  }

  void advance(std::string_view text) {
    for (const char c : text) {
      if (c == '\n') {
        ++line_;
        column_ = 0;
      } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
        ++column_;
      }
    }
    if (stream_) stream_->line = line_;
  }

  std::string name_;
  Stream* stream_;
  std::size_t line_ = 1;
  std::size_t column_ = 0;
  bj::basic_parser<Handler> parser_;
};

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view name, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return fail(ErrorCode::too_large, "longer than " + std::to_string(limits.bytes) + " bytes", std::string(name));
  }
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  Feeder feeder(name, limits, nullptr);
  if (auto written = feeder.write(text, false); !written) return pass(written);
  return feeder.handler().take();
}

Result<void> read_json_array(const std::string& path, std::string_view field,
                             const std::function<Result<void>(Json element, std::size_t line)>& each,
                             const JsonLimits& limits, const std::function<void(std::size_t bytes_read)>& progress) {
  const std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "rb"));
  if (!file) return fail(ErrorCode::unavailable, std::string("cannot open: ") + std::strerror(errno), path);

  Stream stream{.field = field, .each = &each};
  Feeder feeder(path, limits, &stream);
  std::vector<char> buffer(chunk_bytes);
  std::size_t total = 0;
  for (;;) {
    const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file.get());
    if (got == 0 && std::ferror(file.get())) {
      return fail(ErrorCode::unavailable, std::string("cannot read: ") + std::strerror(errno), path);
    }
    if (got == 0) break;
    std::string_view chunk(buffer.data(), got);
    if (total == 0 && chunk.starts_with(byte_order_mark)) chunk.remove_prefix(byte_order_mark.size());
    // Line by line, so that an element knows where it begins; the parser itself does not tell.
    while (!chunk.empty()) {
      const std::size_t line_end = chunk.find('\n');
      const std::string_view piece = chunk.substr(0, line_end == std::string_view::npos ? line_end : line_end + 1);
      if (auto written = feeder.write(piece, true); !written) return written;
      chunk.remove_prefix(piece.size());
    }
    total += got;
    if (progress) progress(total);
  }
  if (auto written = feeder.write({}, false); !written) return written;
  if (!stream.found) return fail(ErrorCode::invalid, "no field \"" + std::string(field) + "\" with a list", path);
  return {};
}

}  // namespace verbund
