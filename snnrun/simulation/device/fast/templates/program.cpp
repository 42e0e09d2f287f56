{# One program: a network that is read when it starts, and the order in which its parts act. #}
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "runtime/incoming.h"
#include "runtime/input.h"
#include "runtime/random.h"
#include "runtime/recording.h"
#include "runtime/rows.h"
#include "runtime/simulation.h"
#include "runtime/spikes.h"
#include "runtime/team.h"
#include "runtime/trials.h"

{{support_code}}

// ---------------------------------------------------------------------------------------------- what there is

snnrun::Simulation simulation;

namespace state {
{% for array in arrays %}
{% if array.dynamic %}
std::vector<{{array.type}}> _dynamic{{array.name}};
{% elif array.size == 1 %}
{{array.type}} {{array.name}}[1] = { {{array.constant}} };
{% else %}
alignas(64) {{array.type}} {{array.name}}[{{[array.size, 1]|max}}]{% if array.values %} = { {{array.values|join(', ')}} }{% endif %};
{% endif %}
{% endfor %}

// Numbers at the start that are neither zero nor read.
void initialise()
{
{% for array in arrays if array.size > 1 and array.constant not in ('', '0', '0.0', 'false') %}
    std::fill_n({{array.name}}, {{array.size}}, {{array.constant}});
{% endfor %}
}
}  // namespace state

{% for population in neurons %}
snnrun::Spikes spikes_{{population.group}};
{% endfor %}
{% for synapses in objects.projections.values() %}
snnrun::Rows rows_{{synapses.name}};
{% if synapses._pathways|selectattr('prepost', 'equalto', 'post')|list %}
snnrun::Incoming incoming_{{synapses.name}};
{% endif %}
{% endfor %}
{% for population in blueprint.populations if population.threshold %}
snnrun::SpikeRecord record_{{population.name}}("{{population.name}}", spikes_population_{{population.name}}_, {{population.spikes}});
{% endfor %}
{% for population in blueprint.populations if population.trace %}
snnrun::TraceRecord trace_traces_{{population.name}}_(
    "{{population.name}}", {"{{population.trace.variables|sort(case_sensitive=true)|join('", "')}}"},
    {{population.trace.node_ids|length}}, {{population.trace.every}}, {{population.trace.every * blueprint.dt}});
{% endfor %}

// --------------------------------------------------------------------------------- what Brian has made of it

{% for code_object in code_objects %}
{{code_object}}
{% endfor %}

// --------------------------------------------------------------------------------------------- when it is done
{% macro run(calls) %}
{% for call in calls %}
{% if call.by_block %}
blocks(thread, now, {{call.size}}, [](const snnrun::Range& range) { {{call.name}}::run(range); });
{% else %}
{{call.name}}::run(snnrun::share(thread, simulation.n_threads, now, {{call.size}}));
{% endif %}
{% endfor %}
{% endmacro %}

struct Network {
    static void begin_step(int64_t now)
    {
        using namespace state;
        {{clock.timestep}}[0] = now;
        {{clock.t}}[0] = {{clock.timestep}}[0] * {{clock.dt}}[0];
    }

    // Block by block of the neurons of a thread, so that all that is done to them finds them in the cache.
    template <class Act> static void blocks(int thread, int64_t now, int64_t size, Act act)
    {
        const snnrun::Range own = snnrun::share(thread, simulation.n_threads, now, size);
        for (int64_t first = own.first; first < own.end; first += snnrun::BLOCK)
            act(snnrun::Range{thread, now, first, std::min(first + snnrun::BLOCK, own.end)});
    }

    static void neurons(int thread, int64_t now)
    {
        {% for population in neurons %}
        spikes_{{population.group}}.open(now, thread);
        {% if population.calls %}
        blocks(thread, now, {{population.size}}, [](const snnrun::Range& range) {
            {% for call in population.calls %}
            {{call}}::run(range);
            {% endfor %}
        });
        {% endif %}
        {% endfor %}
        {{run(arrivals)|trim|indent(8)}}
    }

    static void synapses(int thread, int64_t now, snnrun::Barrier& barrier)
    {
        {{run(synapses)|trim|indent(8)}}
        {% if any_source_traces %}
        barrier.wait();  // all synapses, whoever has them, have read the traces of their sources
        {% endif %}
        {{run(traces)|trim|indent(8)}}
    }
};

// ---------------------------------------------------------------------------------------------------------- main

static void read(snnrun::Inputs& inputs)
{
    using namespace state;
    simulation.n_ticks = inputs.scalar<int64_t>("n_ticks");
    simulation.watch.max_spikes = inputs.scalar<int64_t>("max_spikes");
    simulation.n_changes = inputs.scalar<int64_t>("n_changes");
    {% for line in input_lines %}
    {{line}}
    {% endfor %}
    simulation.read_changes(inputs);
    inputs.finish();
}

static void read_trial(snnrun::Inputs& trial)
{
    using namespace state;
    simulation.seed = trial.scalar<int64_t>("seed");
    {% for line in trial_lines %}
    {{line}}
    {% endfor %}
    trial.finish();
    {% for name, size in computed_at_start %}
    {{name}}::run({0, 0, 0, {{size}}});
    {% endfor %}
}

static void prepare()
{
    using namespace state;
    {% for population in neurons %}
    {
        int64_t longest_delay = 0;
        {% for synapses in objects.projections.values() if synapses.source.name == population.group %}
        longest_delay = std::max(longest_delay, rows_{{synapses.name}}.longest_delay());
        {% endfor %}
        spikes_{{population.group}}.prepare(simulation.n_threads, longest_delay);
    }
    {% endfor %}
    {% for synapses in objects.projections.values() if synapses._pathways|selectattr('prepost', 'equalto', 'post')|list %}
    incoming_{{synapses.name}}.build(rows_{{synapses.name}}, {{synapses.source|length}}, simulation.n_threads);
    {% endfor %}
    {% for name, array, size in watched %}
    simulation.watch.add("{{name}}", {{array}}, {{size}});
    {% endfor %}
    {% for population in blueprint.populations if population.threshold %}
    simulation.spikes.push_back(&record_{{population.name}});
    {% endfor %}
    {% for population in blueprint.populations if population.trace %}
    simulation.traces.push_back(&trace_traces_{{population.name}}_);
    {% endfor %}
}

// Usage: program INPUT THREADS FOLDER [FOLDER …], with a folder for each trial.
int main(int argc, char** argv)
{
    if (argc < 4) snnrun::stop(snnrun::BAD_INPUT, "bad_input arguments");
    simulation.n_threads = std::max(1, std::atoi(argv[2]));
    state::initialise();
    snnrun::Inputs inputs(argv[1]);
    read(inputs);
    prepare();
    const snnrun::Trial own = snnrun::fork_trials(argc - 3, argv + 3);
    simulation.watch.trial = own.number;
    snnrun::Inputs trial(own.folder + "/trial");
    read_trial(trial);
    snnrun::Outputs outputs(own.folder);
    simulation.run<Network>(outputs);
    outputs.finish();
    // Nothing is freed one by one: the process ends here.
    std::_Exit(0);
}
