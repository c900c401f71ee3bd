// SPDX-License-Identifier: EUPL-1.2
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "kits/command/command.h"
#include "kits/command/numbers.h"

namespace verbund::command {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kBetweenDrawings{100};
constexpr std::size_t kBarWidth = 20;
constexpr std::size_t kUsualColumns = 80;

std::size_t columns(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualColumns;
  return size.ws_col;
}

// The first `most` characters, so that the line does not wrap and \r goes back to its begin.
std::string cut_characters(const std::string& line, std::size_t most) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(line[i]) & 0xC0) != 0x80;
    if (begins && ++characters > most) return line.substr(0, i);
  }
  return line;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t end = out.size(); end > 3; end -= 3) out.insert(end - 3, 1, '.');
  return out;
}

std::string byte_size(std::uint64_t bytes) {
  static constexpr std::array units = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (value >= 1023.95 && unit + 1 < units.size()) {
    value /= 1024;
    ++unit;
  }
  const auto tenths = static_cast<std::uint64_t>(value * 10 + 0.5);
  return grouped(tenths / 10) + "," + std::to_string(tenths % 10) + " " + units[unit];
}

struct Progress::State {
  std::FILE* out;
  std::string title;
  std::uint64_t total;
  bool terminal;
  std::uint64_t bytes = 0;
  std::uint64_t items = 0;
  bool drawn = false;
  SteadyClock::time_point last{};

  void changed() {
    if (!terminal) return;
    const auto now = SteadyClock::now();
    if (drawn && now - last < kBetweenDrawings) return;
    last = now;
    drawn = true;
    const std::string line = "\r" + cut_characters(text(), columns(fileno(out)) - 1) + "\x1b[K";
    std::fwrite(line.data(), 1, line.size(), out);
    std::fflush(out);
  }

  std::string text() const {
    std::string line = title;
    if (total > 0) {
      const std::uint64_t done = std::min(bytes, total);
      const auto filled = static_cast<std::size_t>(done * kBarWidth / total);
      line += "  [" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "] " +
              std::to_string(done * 100 / total) + " %";
    }
    if (bytes > 0) line += "  " + byte_size(bytes);
    if (items > 0) line += "  " + grouped(items) + (items == 1 ? " Objekt" : " Objekte");
    return line;
  }

  void erase() {
    if (!drawn) return;
    drawn = false;
    std::fputs("\r\x1b[K", out);
    std::fflush(out);
  }
};

Progress::Progress(std::FILE* out, std::string title, std::uint64_t total_bytes)
    : state_(new State{out, std::move(title), total_bytes, isatty(fileno(out)) == 1}) {
  state_->changed();
}

Progress::~Progress() { state_->erase(); }

void Progress::bytes(std::uint64_t done) {
  state_->bytes = done;
  state_->changed();
}

void Progress::items(std::uint64_t done) {
  state_->items = done;
  state_->changed();
}

void Progress::finish(std::string_view last_line) {
  state_->erase();
  state_->terminal = false;  // nothing is drawn any more
  if (last_line.empty()) return;
  const std::string line = std::string(last_line) + "\n";
  std::fwrite(line.data(), 1, line.size(), state_->out);
  std::fflush(state_->out);
}

}  // namespace verbund::command
