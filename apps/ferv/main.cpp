// SPDX-License-Identifier: Apache-2.0
// Wires the command line: the table of commands, signals, errors to exit codes. No work is done here.
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <new>

#include "command.h"
#include "ferv/base/error.h"
#include "ferv/base/version.h"
#include "hand_over.h"
#include "progress_display.h"

namespace ferv::app {
namespace {

std::atomic<bool> stop_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "the signal handler writes it");

void on_signal(int signal) {
  // The second Ctrl-C means now.
  if (stop_requested.exchange(true) && signal == SIGINT) ::_exit(kExitInterrupted);
}

void on_interrupt_at_once(int) {
  ::_exit(kExitInterrupted);
}

void install_signal_handlers(bool stops_gracefully) {
  // A file that outgrows a limit is an error of write(), with a message, not a killed process.
  std::signal(SIGXFSZ, SIG_IGN);
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  if (!stops_gracefully) {
    action.sa_handler = on_interrupt_at_once;
    ::sigaction(SIGINT, &action, nullptr);
    return;
  }
  action.sa_handler = on_signal;
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) ::sigaction(signal, &action, nullptr);
}

int exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidArgument:
      return kExitUsage;
    case ErrorKind::kNotFound:
      return kExitNotFound;
    case ErrorKind::kCorruptData:
      return kExitCorrupt;
    case ErrorKind::kIncompatible:
      return kExitIncompatible;
    default:
      return kExitFailed;
  }
}

/// The options that `app` knows, for "did you mean".
std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

const CLI::App& deepest_parsed(const CLI::App& app) {
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (child->parsed()) return deepest_parsed(*child);
  }
  return app;
}

/// "ferv data check": the words that lead to `app`.
std::string command_path(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name()
                                     : command_path(*app.get_parent()) + " " + app.get_name();
}

/// One line for a command line that cannot be parsed, with a suggestion where a word is near.
std::string explain(const CLI::App& root, const CLI::ParseError& error) {
  const CLI::App& app = deepest_parsed(root);
  const std::vector<std::string> extras = app.remaining(true);
  // A word that nothing took explains what is missing too ("ferv scroe" lacks a command), so it comes first.
  const auto code = static_cast<CLI::ExitCodes>(error.get_exit_code());
  if ((code == CLI::ExitCodes::ExtrasError || code == CLI::ExitCodes::RequiredError) && !extras.empty()) {
    std::vector<std::string> candidates;
    const bool is_option = extras.front().starts_with("-");
    if (is_option) {
      candidates = option_names(app);
    } else {
      for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; }))
        candidates.push_back(child->get_name());
    }
    const std::string near = nearest_word(extras.front().substr(0, extras.front().find('=')), candidates);
    return fmt::format(
        "{} '{}'{}",
        is_option ? "unknown option" : (candidates.empty() ? "unexpected argument" : "unknown command"),
        extras.front(), near.empty() ? "" : fmt::format(", did you mean '{}'?", near));
  }
  const bool has_commands = !app.get_subcommands([](const CLI::App*) { return true; }).empty();
  if (code == CLI::ExitCodes::RequiredError && has_commands)
    return fmt::format("{}, see {} --help", error.what(), command_path(app));
  return error.what();
}

int parse_and_run(CLI::App& root, int argc, char** argv) {
  try {
    root.parse(argc, argv);
    return 0;
  } catch (const CLI::CallForHelp& error) {
    return root.exit(error);
  } catch (const CLI::CallForVersion& error) {
    return root.exit(error);
  } catch (const CLI::Success& error) {
    return root.exit(error);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "{}: {}\n", command_path(deepest_parsed(root)), shown(explain(root, error)));
    return kExitUsage;
  }
}

int run(int argc, char** argv) {
  const Command* command = command_of(argc, argv);
  if (command != nullptr && needs_full_program(*command, argc, argv)) hand_over_to_full_program(argv);
  install_signal_handlers(command != nullptr && command->stops_gracefully);

  ProgressDisplay display;
  Context context;
  context.observer.log_sink = [&](LogLevel level, std::string_view text) { display.log(level, text); };
  context.observer.progress_sink = [&](const ProgressEvent& event) { display.progress(event); };
  context.observer.stop_requested = &stop_requested;

  CLI::App root("Dynamic facial expression recognition: the FERV39k benchmark as software", "ferv");
  root.set_version_flag("--version", fmt::format("ferv {}", version()));
  root.require_subcommand(1);
  root.get_formatter()->column_width(28);
  root.footer(
      "Each command has its own --help with an example. Exit codes: 0 done, 1 failed, 2 usage, 3 not found,\n"
      "4 invalid or corrupt input, 5 incompatible weights, 75 stopped and resumable, 130 interrupted.");
  for (const Command& line : commands()) {
    if (line.add != nullptr) {
      line.add(root, context);
    } else {
      root.add_subcommand(line.name, line.summary);  // for the help alone: run() has handed it over already
    }
  }
  const int parse_code = parse_and_run(root, argc, argv);
  if (std::fflush(stdout) != 0) throw io_error("stdout", "cannot write", errno);
  return parse_code != 0 ? parse_code : context.exit_code;
}

}  // namespace

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
    throw io_error("stdout", "cannot write", errno);
}

}  // namespace ferv::app

int main(int argc, char** argv) {
  try {
    return ferv::app::run(argc, argv);
  } catch (const ferv::Error& error) {
    fmt::print(stderr, "ferv: {}\n", ferv::app::shown(error.what()));
    return ferv::app::exit_code_of(error.kind());
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "ferv: not enough memory\n");
  } catch (const std::exception& error) {
    fmt::print(stderr, "ferv: unexpected error: {}\n", ferv::app::shown(error.what()));
  }
  return ferv::app::kExitFailed;
}
