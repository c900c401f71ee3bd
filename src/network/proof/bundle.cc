// SPDX-License-Identifier: EUPL-1.2
#include "network/proof/bundle.h"

#include <algorithm>

#include "base/text.h"
#include "network/log/handover.h"

namespace verbund::network {
namespace {

constexpr std::string_view head = "verbund-proof/v1\n";
constexpr std::size_t most_note_lines = 512;
constexpr std::size_t most_hashes = 64;

std::unexpected<Error> bad(std::string why) { return fail(ErrorCode::invalid, "not a proof: " + std::move(why)); }

std::optional<std::uint64_t> strict_number(std::string_view text) {
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  const auto number = is_digits(text) ? parse_number(text) : std::nullopt;
  if (!number) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

void append_note(std::string& out, std::string_view keyword, std::string_view note) {
  out += keyword;
  out += " " + std::to_string(std::ranges::count(note, '\n')) + "\n";
  out += note;
}

void append_log(std::string& out, std::string_view role, const ProvenLog& log) {
  append_note(out, role, log.checkpoint);
  for (const std::string& handover : log.handovers) append_note(out, "handover", handover);
  for (const Statement& statement : log.statements) {
    out += "entry " + std::to_string(statement.index) + " " + statement.entry.to_text() + "\n";
    if (!statement.body.empty()) out += "body " + statement.body + "\n";
    for (const tlog::Hash& hash : statement.hashes) out += "hash " + tlog::to_base64(hash) + "\n";
  }
}

// Reads the file line by line.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool at_end() const { return rest_.empty(); }

  // What follows "KEYWORD " on the next line, if that is its keyword; the line is taken then.
  std::optional<std::string_view> take(std::string_view keyword) {
    if (!rest_.starts_with(keyword) || !rest_.substr(keyword.size()).starts_with(' ')) return std::nullopt;
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view value = rest_.substr(keyword.size() + 1, end - keyword.size() - 1);
    rest_.remove_prefix(end + 1);
    return value;
  }

  // The next `count` lines with their line feeds.
  std::optional<std::string_view> lines(std::uint64_t count) {
    std::size_t end = 0;
    for (; count > 0; --count) {
      end = rest_.find('\n', end);
      if (end == std::string_view::npos) return std::nullopt;
      ++end;
    }
    const std::string_view out = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return out;
  }

 private:
  std::string_view rest_;
};

Result<std::string> read_note(Lines& in, std::string_view count_text) {
  const auto count = strict_number(count_text);
  if (!count || *count > most_note_lines) return bad("the number of lines of a note");
  const auto text = in.lines(*count);
  if (!text) return bad("it ends within a note");
  if (auto note = tlog::parse_note(*text); !note) return pass(note);
  return std::string(*text);
}

Result<Statement> read_statement(Lines& in, std::string_view line) {
  Statement out;
  const std::size_t space = line.find(' ');
  const auto index = space == std::string_view::npos ? std::nullopt : strict_number(line.substr(0, space));
  if (!index) return bad("the position of an entry");
  out.index = *index;
  auto entry = Entry::parse(line.substr(space + 1));
  if (!entry) return pass(entry);
  out.entry = std::move(*entry);
  if (const auto body = in.take("body")) {
    if (body->empty() || body->size() > body_limit || !out.entry.digest) return bad("a body has no entry");
    out.body = *body;
  } else if (out.entry.digest) {
    return bad("an entry has no body");
  }
  while (const auto text = in.take("hash")) {
    auto hash = tlog::hash_from_base64(*text);
    if (!hash || out.hashes.size() == most_hashes) return bad("a hash");
    out.hashes.push_back(*hash);
  }
  return out;
}

Result<ProvenLog> read_log(Lines& in, std::string_view count) {
  ProvenLog out;
  auto checkpoint = read_note(in, count);
  if (!checkpoint) return pass(checkpoint);
  out.checkpoint = std::move(*checkpoint);
  while (const auto lines = in.take("handover")) {
    auto note = read_note(in, *lines);
    if (!note) return pass(note);
    if (out.handovers.size() == most_handovers) return bad("too many hand-overs");
    out.handovers.push_back(std::move(*note));
  }
  while (const auto line = in.take("entry")) {
    auto statement = read_statement(in, *line);
    if (!statement) return pass(statement);
    if (out.statements.size() == most_statements) return bad("too many entries");
    out.statements.push_back(std::move(*statement));
  }
  if (out.statements.empty()) return bad("a log without entries");
  return out;
}

}  // namespace

std::string Bundle::to_text() const {
  std::string out(head);
  if (membership) append_log(out, "membership", *membership);
  for (const ProvenLog& log : publishers) append_log(out, "publisher", log);
  return out;
}

Result<Bundle> Bundle::parse(std::string_view text) {
  if (text.size() > bundle_file_limit) return fail(ErrorCode::too_large, "a proof has at most 32 MiB");
  if (!text.starts_with(head)) return bad("the first line is another one");
  Lines in(text.substr(head.size()));
  Bundle out;
  if (const auto count = in.take("membership")) {
    auto log = read_log(in, *count);
    if (!log) return pass(log);
    out.membership = std::move(*log);
  }
  while (const auto count = in.take("publisher")) {
    auto log = read_log(in, *count);
    if (!log) return pass(log);
    if (out.publishers.size() == most_proven_logs) return bad("too many logs");
    out.publishers.push_back(std::move(*log));
  }
  if (!in.at_end()) return bad("a line that does not belong there");
  if (out.publishers.empty()) return bad("no publisher");
  return out;
}

Result<std::string> origin_of(std::string_view note) {
  const auto parsed = tlog::parse_note(note);
  if (!parsed) return std::unexpected(parsed.error());
  auto checkpoint = tlog::Checkpoint::parse(parsed->text);
  if (!checkpoint) return pass(checkpoint);
  return std::move(checkpoint->origin);
}

}  // namespace verbund::network
