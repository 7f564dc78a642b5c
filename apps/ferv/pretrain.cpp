// SPDX-License-Identifier: Apache-2.0
// ferv pretrain: from still faces to a backbone that knows faces, or to a network that names expressions.
#include <fmt/format.h>

#include <memory>

#include "command.h"
#include "ferv/base/error.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/training/pretrain.h"
#include "run_arguments.h"

namespace ferv::app {
namespace {

struct PretrainArguments : RunArguments {
  std::string backbone;
  std::string data;
  std::string task;
  std::string head;
  std::string init_from;
  bool half = false;
};

training::PretrainOptions to_options(const PretrainArguments& arguments) {
  training::PretrainOptions options;
  if (!arguments.config.empty()) training::apply_config_file(options, arguments.config);
  for (const auto& [name, value] : {std::pair{"backbone", &arguments.backbone},
                                    {"data", &arguments.data},
                                    {"task", &arguments.task},
                                    {"head", &arguments.head},
                                    {"init_from", &arguments.init_from}}) {
    if (!value->empty()) training::apply_setting(options, name, *value);
  }
  if (arguments.half) options.weights_format = "fp16";
  apply_settings(options, arguments);
  if (options.data.empty())
    throw invalid_argument("no faces: give --data FACES, or data in the --config file");
  return options;
}

void print_expression(const training::PretrainOutcome& outcome) {
  const evaluation::ConfusionMatrix matrix = evaluation::confusion_matrix(outcome.held_out);
  const evaluation::MetricIntervals intervals = evaluation::bootstrap_intervals(matrix, {});
  print(fmt::format("{} held-out pictures, best epoch {}, 95 % bootstrap intervals\n",
                    outcome.held_out.rows.size(), outcome.best_epoch));
  print(fmt::format("  WAR {:5.2f} [{:.2f}, {:.2f}]  UAR {:5.2f} [{:.2f}, {:.2f}]\n",
                    100 * evaluation::war(matrix), 100 * intervals.war.low, 100 * intervals.war.high,
                    100 * evaluation::uar(matrix), 100 * intervals.uar.low, 100 * intervals.uar.high));
  const auto classes = evaluation::class_metrics(matrix);
  for (std::size_t k = 0; k < classes.size(); ++k) {
    print(fmt::format("  {:<10} {:>5} pictures  recall {:6.2f}\n", outcome.held_out.classes[k],
                      classes[k].sample_count, 100 * classes[k].recall));
  }
}

void print_identity(const training::PretrainOutcome& outcome) {
  const training::VerificationFigures& figures = outcome.verification;
  print(fmt::format("verification on {} held-out pairs in {} folds, best epoch {}, 95 % interval\n",
                    figures.pair_count, figures.fold_count, outcome.best_epoch));
  print(fmt::format("  accuracy {:5.2f} [{:.2f}, {:.2f}]  area under ROC {:.4f}\n", 100 * figures.accuracy,
                    100 * figures.low, 100 * figures.high, figures.area_under_roc));
}

void run_pretrain(const PretrainArguments& arguments, Context& context) {
  if (arguments.list_settings) {
    print(settings_text(training::pretrain_settings()));
    return;
  }
  training::PretrainOutcome outcome;
  std::string run = arguments.run;
  if (!arguments.resume.empty()) {
    run = arguments.resume;
    outcome = training::resume_pretraining(run, context.observer);
  } else {
    require_run(arguments);
    outcome = training::pretrain(to_options(arguments), run, context.observer);
  }
  if (outcome.stopped) {
    context.observer.log("stopped; go on with: ferv pretrain --resume " + run);
    context.exit_code = kExitStopped;
    return;
  }
  outcome.is_expression ? print_expression(outcome) : print_identity(outcome);
  print(fmt::format("written: {}/weights/best.safetensors\n", run));
}

}  // namespace

void add_pretrain(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<PretrainArguments>();
  CLI::App* command =
      parent.add_subcommand("pretrain", "Train a backbone on still faces: identities or expressions");
  command->add_option("--backbone", arguments->backbone, "resnet18 (default) or resnet50");
  command->add_option("--data", arguments->data,
                      "folder of folders, MS-Celeb-1M's cropped-and-aligned TSV, or list file `path class`");
  command->add_option("--task", arguments->task,
                      "identity or expression; default: by the names of the classes");
  command->add_option("--head", arguments->head, "softmax (default) or margin (identities)");
  add_run_options(*command, *arguments);
  command->add_option("--init-from", arguments->init_from, "weights file whose backbone to start from");
  command->add_flag("--half", arguments->half, "write weights in half precision");
  command->footer(
      "Example: ferv pretrain --backbone resnet18 --data faces --run runs/faces --set epochs=20\n"
      "then: ferv train --model r18_lstm.msceleb --init-from runs/faces/weights/best.safetensors ...\n"
      "SIGTERM, SIGUSR1 and Ctrl-C finish the step, save and exit with 75; then: ferv pretrain --resume "
      "runs/faces");
  command->callback([arguments, &context] { run_pretrain(*arguments, context); });
}

}  // namespace ferv::app
