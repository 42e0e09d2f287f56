{# A network that is read when the program starts, and the order in which its parts act. #}
#include <cmath>
#include <cstdint>
#include <vector>

#include "runtime/incoming.h"
#include "runtime/input.h"
#include "runtime/network.h"
#include "runtime/random.h"
#include "runtime/rows.h"
#include "runtime/simulation.h"
#include "runtime/spikes.h"
#include "runtime/team.h"
#include "runtime/trace_row.h"

using snnrun::simulation;

{{support_code}}

// ---------------------------------------------------------------------------------------------- what there is

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
{% for population in blueprint.populations if population.trace %}
snnrun::TraceRow row_traces_{{population.name}}_({{population.trace.variables|length}}, {{population.trace.node_ids|length}}, {{population.trace.every}});
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

// Block by block of the neurons of a thread, so that all that is done to them finds them in the cache.
template <class Act> static void blocks(int thread, int64_t now, int64_t size, Act act)
{
    const snnrun::Range own = snnrun::share(thread, simulation.n_threads, now, size);
    for (int64_t first = own.first; first < own.end; first += snnrun::BLOCK) {
        const int64_t end = first + snnrun::BLOCK;
        act(snnrun::Range{thread, now, first, end < own.end ? end : own.end});
    }
}

namespace network {

const bool has_source_traces = {{'true' if any_source_traces else 'false'}};

void begin_step(int64_t now)
{
    using namespace state;
    {{clock.timestep}}[0] = now;
    {{clock.t}}[0] = {{clock.timestep}}[0] * {{clock.dt}}[0];
}

void neurons(int thread, int64_t now)
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
    {{run(arrivals)|trim|indent(4)}}
}

void synapses(int thread, int64_t now)
{
    {{run(synapses)|trim|indent(4)}}
}

void traces(int thread, int64_t now)
{
    {{run(traces)|trim|indent(4)}}
}

// ------------------------------------------------------------------------- what is done once: compiled to be small

[[gnu::cold]] void initialise()
{
    using namespace state;
    {% for array in arrays if array.size > 1 and array.constant not in ('', '0', '0.0', 'false') %}
    for ({{array.type}}& number : {{array.name}}) number = {{array.constant}};
    {% endfor %}
}

[[gnu::cold]] void read(snnrun::Inputs& inputs)
{
    using namespace state;
    {% for line in input_lines %}
    {{line}}
    {% endfor %}
}

[[gnu::cold]] void read_trial(snnrun::Inputs& trial)
{
    using namespace state;
    {% for line in trial_lines %}
    {{line}}
    {% endfor %}
    {% for name, size in computed_at_start %}
    {{name}}::run({0, 0, 0, {{size}}});
    {% endfor %}
}

[[gnu::cold]] void prepare()
{
    using namespace state;
    {% for population in neurons %}
    spikes_{{population.group}}.prepare(simulation.n_threads, snnrun::longest_delay({
        {%- for synapses in objects.projections.values() if synapses.source.name == population.group -%}
        {{', ' if not loop.first}}&rows_{{synapses.name}}
        {%- endfor %}}));
    {% endfor %}
    {% for synapses in objects.projections.values() if synapses._pathways|selectattr('prepost', 'equalto', 'post')|list %}
    incoming_{{synapses.name}}.build(rows_{{synapses.name}}, {{synapses.source|length}}, simulation.n_threads);
    {% endfor %}
    {% for name, array, size in watched %}
    simulation.watch("{{name}}", {{array}}, {{size}});
    {% endfor %}
    {% for population in blueprint.populations if population.threshold %}
    simulation.record_spikes("{{population.name}}", spikes_population_{{population.name}}_, {{population.spikes}});
    {% endfor %}
    {% for population in blueprint.populations if population.trace %}
    simulation.record_traces("{{population.name}}", {"{{population.trace.variables|sort(case_sensitive=true)|join('", "')}}"}, row_traces_{{population.name}}_, {{population.trace.every * blueprint.dt}});
    {% endfor %}
}

}  // namespace network
