// SPDX-License-Identifier: Apache-2.0
// The one table of commands. `ferv` serves the light ones itself; the heavy ones, which load LibTorch, libav
// and dlib, live in `ferv-full`, and `ferv` hands over to it.
#include "command.h"

namespace ferv::app {

void add_bench(CLI::App& parent, Context& context);
void add_compare(CLI::App& parent, Context& context);
void add_completion(CLI::App& parent, Context& context);
void add_data(CLI::App& parent, Context& context);
void add_doctor(CLI::App& parent, Context& context);
void add_eval(CLI::App& parent, Context& context);
void add_export(CLI::App& parent, Context& context);
void add_face(CLI::App& parent, Context& context);
void add_leaderboard(CLI::App& parent, Context& context);
void add_predict(CLI::App& parent, Context& context);
void add_pretrain(CLI::App& parent, Context& context);
void add_report(CLI::App& parent, Context& context);
void add_runs(CLI::App& parent, Context& context);
void add_score(CLI::App& parent, Context& context);
void add_synth(CLI::App& parent, Context& context);
void add_train(CLI::App& parent, Context& context);
void add_zoo(CLI::App& parent, Context& context);

#if FERV_PROGRAM_FULL
#define FERV_HEAVY(add) add
#else
#define FERV_HEAVY(add) nullptr
#endif

std::span<const Command> commands() {
  static constexpr Command kCommands[] = {
    {"doctor", "Show versions, processor features, BLAS, threads, GPU: what will be fast and what won't",
     FERV_HEAVY(add_doctor)},
    {"synth",
     "Render a synthetic data set in the FERV39k layout",
     add_synth,
     true,
     {"--raw-video", "--films"}},
    {"data",
     "Look at a data set and prepare it: index, stats, check, split, pack, preview, flow",
     add_data,
     true,
     {"flow"}},
#ifdef FERV_HAS_TORCH
    {"zoo", "List, show and compare the models; fresh weights and logits", FERV_HEAVY(add_zoo), true},
    {"pretrain", "Train a backbone on still faces: identities or expressions", FERV_HEAVY(add_pretrain),
     true},
    {"train", "Train a model of the zoo, or go on with a stopped run", FERV_HEAVY(add_train), true},
    {"eval", "Evaluate weights on a split of a data set", FERV_HEAVY(add_eval), true},
    {"export", "Write weights in another format: safetensors or .pth", FERV_HEAVY(add_export)},
#endif
    {"score", "WAR, UAR and more of result files, anyone's", add_score},
    {"compare", "Compare result files clip by clip", add_compare},
    {"leaderboard", "Published results, with yours in place", add_leaderboard},
    {"runs", "List and compare run folders", add_runs},
    {"report", "One offline HTML report of a run or a result file", add_report},
#ifdef FERV_HAS_VIDEO
    {"face", "Cut the faces of raw clips into a data set; score the tracker", FERV_HEAVY(add_face), true},
#endif
#if defined(FERV_HAS_TORCH) && defined(FERV_HAS_VIDEO)
    {"predict", "Timeline of expressions of a video, picture or folder", FERV_HEAVY(add_predict), true},
#endif
    {"bench", "Measure how fast the parts are on this machine", add_bench, true, {"train", "infer"}},
    {"completion", "Print the completion script of a shell", FERV_HEAVY(add_completion)},
  };
  return kCommands;
}

#undef FERV_HEAVY

}  // namespace ferv::app
