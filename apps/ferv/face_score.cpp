// SPDX-License-Identifier: Apache-2.0
// ferv face score: the face tracker against films whose truth is known.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "face_commands.h"
#include "ferv/base/error.h"
#include "ferv/face/tracking_score.h"
#include "ferv/media/file_names.h"

namespace ferv::app {
namespace {

namespace fs = std::filesystem;

struct ScoreCommand {
  std::vector<fs::path> inputs;
  face::TrackerOptions tracker{.face_limit = 6};
  bool json = false;
};

/// The films of a folder that have a table beside them, or the film itself.
std::vector<fs::path> films_of(const std::vector<fs::path>& inputs) {
  std::vector<fs::path> films;
  for (const fs::path& input : inputs) {
    if (!fs::is_directory(input)) {
      films.push_back(input);
      continue;
    }
    const std::size_t before = films.size();
    for (const auto& entry : fs::directory_iterator(input)) {
      const fs::path& path = entry.path();
      if (media::is_film_name(path.filename().string()) &&
          fs::exists(fs::path(path).replace_extension(".csv")))
        films.push_back(path);
    }
    if (films.size() == before)
      throw not_found(input, "films with a table of the same name, as ferv synth --films makes them");
    std::sort(films.begin() + static_cast<std::ptrdiff_t>(before), films.end());
  }
  return films;
}

double percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

nlohmann::ordered_json as_json(const std::string& film, const face::TrackingScore& score) {
  return {{"film", film},
          {"frames", score.frames},
          {"frames_lost", score.frames_lost},
          {"faces", score.faces},
          {"faces_missed", score.faces_missed},
          {"faces_missed_percent", percent(score.faces_missed, score.faces)},
          {"faces_invented", score.faces_invented},
          {"cuts", score.cuts},
          {"cuts_missed", score.cuts_missed},
          {"cuts_invented", score.cuts_invented},
          {"identity_switches", score.identity_switches},
          {"identities_carried_over_cuts", score.identities_carried_over_cuts},
          {"timestamps_wrong", score.timestamps_wrong},
          {"largest_timestamp_error_s", score.largest_timestamp_error_s}};
}

std::string as_line(const std::string& film, const face::TrackingScore& score) {
  return fmt::format(
      "{:<16} {:>6} {:>5} {:>6} {:>6.2f} % {:>8} {:>8} {:>7}/{:<3} {:>8} {:>8} {:>8} {:>9.1e}\n", film,
      score.frames, score.frames_lost, score.faces, percent(score.faces_missed, score.faces),
      score.faces_invented, score.cuts_invented, score.cuts - score.cuts_missed, score.cuts,
      score.identity_switches, score.identities_carried_over_cuts, score.timestamps_wrong,
      score.largest_timestamp_error_s);
}

void run_score(const ScoreCommand& command, const Context& context) {
  face::TrackingScore total;
  auto list = nlohmann::ordered_json::array();
  std::string text = fmt::format(
      "{:<16} {:>6} {:>5} {:>6} {:>8} {:>8} {:>8} {:>11} {:>8} {:>8} {:>8} {:>9}\n", "film", "frames", "lost",
      "faces", "missed", "invented", "no cuts", "cuts found", "switches", "over cut", "time bad", "error/s");
  for (const fs::path& film : films_of(command.inputs)) {
    const face::TrackingScore score = face::score_film(film, command.tracker, context.observer);
    total.add(score);
    list.push_back(as_json(film.filename().string(), score));
    text += as_line(film.filename().string(), score);
  }
  list.push_back(as_json("all", total));
  text += as_line("all", total);
  print(command.json ? list.dump(2) + "\n" : text);
}

}  // namespace

void add_face_score(CLI::App& parent, Context& context) {
  const auto state = std::make_shared<ScoreCommand>();
  CLI::App* command =
      parent.add_subcommand("score", "Hold the face tracker against films whose truth is known");
  command
      ->add_option(
          "input", state->inputs,
          "Films with a table of the same name beside them, or folders of those (ferv synth --films)")
      ->required();
  command->add_option("--faces-at-once", state->tracker.face_limit, "How many faces are followed")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  command
      ->add_option("--search-interval", state->tracker.search_interval_s,
                   "Seconds from one search of the whole frame to the next")
      ->capture_default_str();
  command->add_flag("--json", state->json, "As JSON, a list with the sum last");
  command->footer("Example: ferv synth --films 8 --out films && ferv face score films");
  command->callback([state, &context] { run_score(*state, context); });
}

}  // namespace ferv::app
