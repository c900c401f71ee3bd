// SPDX-License-Identifier: EUPL-1.2
// Shows the pages of the fixture in a browser: portal_preview FOLDER [PORT]. For work on templates and styles.
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "faces/portal/testing/fixture.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: portal_preview EMPTY_FOLDER [PORT]\n");
    return 2;
  }
  verbund::portal::testing::Fixture fixture(argv[1]);
  verbund::http::Representations representations;
  verbund::http::ServerOptions options;
  options.port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 8090);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  auto server = verbund::http::Server::start(
      options,
      [&](const verbund::http::Request& request) { return representations.finish(request, fixture.request(request)); }, {});
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().text().c_str());
    return 1;
  }
  std::printf("http://localhost:%u\n", static_cast<unsigned>((*server)->port()));
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  (*server)->stop();
}
