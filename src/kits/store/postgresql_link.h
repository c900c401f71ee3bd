// SPDX-License-Identifier: EUPL-1.2
// One connection to a PostgreSQL server, in words of the store. Internal to kits/store; libpq is seen by its .cc only.
// Source: PostgreSQL 15, chapters 34 (libpq), 55 (protocol), appendix A (error codes).
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kits/store/unavailable.h"

struct pg_conn;
struct pg_result;

namespace verbund::store::postgresql {

// The server refused a statement; the transaction is over. `code` is its SQLSTATE.
class Refused : public Failure {
 public:
  Refused(const std::string& text, std::string code) : Failure(text), code_(std::move(code)) {}
  const std::string& code() const { return code_; }
  // Another try of the whole transaction may go well: serialisation failure, deadlock.
  bool transient() const { return code_ == "40001" || code_ == "40P01"; }
  // The machine of the server cannot now: out of disk, memory, connections; files that cannot be written; a standby.
  bool passes() const { return code_.starts_with("53") || code_.starts_with("58") || code_ == "25006"; }

 private:
  std::string code_;
};

// The connection is gone, or could not be made. Of a commit that was under way nothing is known.
class Lost : public Unavailable {
 public:
  using Unavailable::Unavailable;
};

// It is not known to be gone, it says nothing.
class Silent : public Lost {
 public:
  using Lost::Lost;
};

// Values of a row; std::nullopt is NULL.
using Values = std::vector<std::optional<std::string>>;
// What a statement did ("INSERT 0 1"), "" where that is not known, and the rows it gave.
struct Did {
  std::string tag;
  std::vector<Values> rows;
};

// Rows that had to be taken off the line because something else is asked on it: 8 MiB in memory, the rest in a file
// without a name.
class RowBuffer {
 public:
  RowBuffer() = default;
  RowBuffer(const RowBuffer&) = delete;
  RowBuffer& operator=(const RowBuffer&) = delete;
  ~RowBuffer();
  void append(const pg_result* row, int columns);
  // The next row into `values`; false at the end.
  bool next(Values& values);
  void clear();

 private:
  std::string memory_;
  std::size_t read_ = 0;         // in memory_
  std::FILE* file_ = nullptr;    // rows after those of memory_
  bool reading_file_ = false;
};

// The answer to one statement, row by row as the server sends them. Belongs to its link.
class Answer;

// Whom a link is made to: the server that writes, or one host of the URL, whatever it may do.
struct Whom {
  bool writes = true;
  std::string host = {}, hostaddr = {}, port = {};   // of that host
};
// Each host that the URL names. A URL that libpq cannot read, or that names none: one, as libpq finds it.
std::vector<Whom> each_host(const std::string& url);

class Link {
 public:
  // Connects and sets the session up: UTF-8, durable commits, limits. Throws Lost; Refused (no such database, ...).
  // `elsewhere` is asked every second while the server says nothing, with what machine() gives: if another one writes by
  // now, this one is given up (it hangs, or was cut off). Any thread.
  explicit Link(const Options& options, std::function<bool(const std::string&)> elsewhere = {}, const Whom& whom = {});
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Statements without parameters. Gives the first row of the last one that has rows, or what it did ("COMMIT").
  Values execute(const std::string& sql);
  // The server warned during the last execute(). A commit that did is kept on its machine and perhaps on no other: its
  // wait for a synchronous replica was given up (chapter 27.2.8).
  bool warned() const { return warned_; }
  // One statement with parameters that is not kept prepared; its first row.
  Values ask(const std::string& sql, const Values& parameters);
  // Prepares `sql` on the server under a name of its own.
  std::string prepare(const std::string& sql);
  void forget(const std::string& name);
  // Makes `answer` the one on the line; rows of another that was there go into its buffer.
  void start(Answer& answer, const std::string& name, const std::string& sql, const Values& parameters);
  // The same for a statement whose rows nobody looks at: it goes with the next use of the line; what the server says of
  // it comes then (chapter 34.5, pipeline mode).
  void later(const std::string& name, const std::string& sql, const Values& parameters);
  // Waits for the answers to all of those. `did` has one of each, also when it throws.
  void settle(std::vector<Did>& did);
  // COPY: `lines` in the text format. What the server says of it comes with the next use of the line, so that it works
  // while the next rows are made.
  void copy(const std::string& statement, const std::string& lines);
  // Sends what the line takes now of what could not be sent yet. Waits for nothing.
  void push();
  // Waits at most so long for notifications. Throws Lost.
  struct News {
    std::string channel, text;
  };
  std::vector<News> notifications(int wait_ms, int stop_descriptor);

  // Which server this is, as it says itself: its address and when it was started. Empty on a socket of this machine.
  const std::string& machine() const { return machine_; }
  // A server that says nothing for so long is lost; before: Options::answer_timeout_ms.
  void answer_within(int milliseconds) { answer_timeout_ms_ = milliseconds; }
  // Waits at most so long; true: the server has said something, or is gone. Throws nothing.
  bool stirs(int wait_ms, int stop_descriptor) const;

  bool good() const;
  std::string schema() const { return schema_; }
  // From now on statements are about this schema, which is made if it is missing. Nothing to do where it is so already.
  // Requires: no transaction is open. Throws Lost, Refused.
  void enter(const std::string& schema);
  // Breaks the connection off, as if the server had gone.
  void sever();

 private:
  friend class Answer;
  using ResultPointer = std::unique_ptr<pg_result, void (*)(pg_result*)>;
  void make_schema();               // the first of the search path
  ResultPointer next_result();      // null: the answer is over
  void wait(bool for_writing);
  void clear_line();                // whatever answer is on it goes into its buffer
  void finish(std::string_view sql);    // drops what is left of an answer; throws the first error in it
  bool send(const std::string& name, const std::string& sql, const Values& parameters);
  void take_owed(std::vector<Did>& did);
  void end_pipeline();              // requires: every answer was taken
  [[noreturn]] void raise(const pg_result* result, std::string_view sql);
  [[noreturn]] void lose(std::string_view doing);

  pg_conn* connection_ = nullptr;
  int answer_timeout_ms_;
  const std::function<bool(const std::string&)> elsewhere_;
  std::string machine_;
  std::string schema_;
  std::int64_t prepared_ = 0;
  Answer* active_ = nullptr;
  std::string copying_;             // the COPY whose answer is not there yet; empty: none
  std::vector<std::string> owed_;   // statements whose answers are not there yet; while there are any, no other is
  bool pipeline_ = false;           // from the first of owed_ to the end of the answer to the statement after them
  bool warned_ = false;
};

class Answer {
 public:
  explicit Answer(Link& link) : link_(link) {}
  ~Answer();
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  bool step();                      // the next row; throws what the server says
  void drop();                      // what is left of it
  std::int64_t changes() const { return changes_; }
  int columns() const { return columns_; }
  bool is_null(int column) const;
  std::string_view text(int column) const;   // a BOOLEAN is "1" or "0"

 private:
  friend class Link;
  void buffer();                    // called by the link: the line is needed
  bool take();                      // the next result off the line; false: it was the last

  Link& link_;
  std::string sql_;
  Link::ResultPointer row_{nullptr, nullptr};
  RowBuffer buffer_;
  Values buffered_;                 // the row, when it came from the buffer
  bool buffering_ = false;          // the rest of the rows is in the buffer
  std::vector<bool> truths_;        // by column
  int columns_ = 0;
  std::int64_t changes_ = 0;
};

}  // namespace verbund::store::postgresql
