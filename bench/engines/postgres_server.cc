// SPDX-License-Identifier: EUPL-1.2
#include "postgres_server.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include <libpq-fe.h>

#include "engine.h"

namespace verbund::bench {
namespace {

// What the manual (19.4 Memory, 20.7 Planning, 32 JIT) advises for one reader with all data in memory.
constexpr const char* settings[] = {
    "listen_addresses=",       "shared_buffers=1GB",        "work_mem=128MB",       "maintenance_work_mem=512MB",
    "jit=off",                 "fsync=off",                 "synchronous_commit=off", "full_page_writes=off",
    "wal_level=minimal",       "max_wal_senders=0",         "max_wal_size=8GB",     "checkpoint_timeout=1h",
    "autovacuum=off",          "max_connections=8",         "random_page_cost=1.0", "effective_cache_size=4GB",
    "max_parallel_workers_per_gather=0", "track_activities=off", "track_counts=on", "update_process_title=off",
    "client_min_messages=warning", "log_min_messages=warning"};

std::string text_of(const std::string& file) {
  std::ifstream in(file);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace

PostgresServer::PostgresServer(std::string bin, std::string folder) : bin_(std::move(bin)), folder_(std::move(folder)) {
  if (::geteuid() == 0) {
    const passwd* user = ::getpwnam("postgres");
    if (user == nullptr || ::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) {
      give_up("postgresql: as root the system's user \"postgres\" is needed");
    }
  }
  const std::string data = folder_ + "/data", log = folder_ + "/log";
  const int made = run({bin_ + "/initdb", "-D", data, "-U", "verbund", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                        "--no-sync"}, log, true);
  if (made != 0) give_up("postgresql: initdb failed: " + text_of(log));
  std::vector<std::string> words = {bin_ + "/postgres", "-D", data, "-k", folder_};
  for (const char* setting : settings) words.insert(words.end(), {"-c", setting});
  pid_ = run(words, log, false);
  for (int tenth = 0; PQping(connection().c_str()) != PQPING_OK; ++tenth) {
    if (tenth == 600 || ::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      give_up("postgresql: does not start: " + text_of(log));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

PostgresServer::~PostgresServer() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGINT);
  ::waitpid(pid_, nullptr, 0);
}

// Gives the exit status, or the process id if it does not wait.
int PostgresServer::run(const std::vector<std::string>& words, const std::string& log, bool wait) const {
  const int pid = ::fork();
  if (pid < 0) give_up("fork failed");
  if (pid == 0) {
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::setpgid(0, 0);                     // Ctrl-C ends us; we end the server
    if (::geteuid() == 0) {
      const passwd* user = ::getpwnam("postgres");
      if (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0) ::_exit(126);
    }
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // and it never outlives us
    ::umask(0077);
    if (::chdir(folder_.c_str()) != 0) ::_exit(126);
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  if (!wait) return pid;
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

std::vector<int> PostgresServer::processes() const {
  std::vector<int> out{pid_};
  const std::string task = "/proc/" + std::to_string(pid_) + "/task/" + std::to_string(pid_) + "/children";
  std::ifstream children(task);
  for (int child = 0; children >> child;) out.push_back(child);
  return out;
}

}  // namespace verbund::bench
