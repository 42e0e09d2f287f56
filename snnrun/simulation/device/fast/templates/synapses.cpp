{# What spikes do to synapses and their targets. #}
{# USES_VARIABLES { _synaptic_pre } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    {% set synapses = pathway.synapses.name %}
    {% set sum = pathway|plain_sum(variables) %}
    {% if sum %}
    rows_{{synapses}}.add(_range.thread, spikes_{{pathway.source.name}}, _range.tick, {{sum.variable}}, {{sum.allowed}},
                          {{sum.weight}});
    {% elif pathway.prepost == 'pre' %}
    {{scalar_code|autoindent}}
    rows_{{synapses}}.deliver(_range.thread, spikes_{{pathway.source.name}}, _range.tick,
        [&](const int32_t _presynaptic_idx, const snnrun::Part& _part, int64_t _begin, int64_t _end) {
            const uint16_t* const _target = _part.targets.data();
            for (int64_t _k = _begin; _k < _end; ++_k)
            {
                const int64_t _idx = _part.base + _k, _vectorisation_idx = _idx;
                const int64_t _postsynaptic_idx = _part.first + _target[_k];
                {{vector_code|autoindent}}
            }
        });
    {% else %}
    {{scalar_code|autoindent}}
    incoming_{{synapses}}.deliver(_range.thread, spikes_{{pathway.source.name}}, _range.tick,
        [&](const int64_t _idx) {
            {% for array in variables|of_each_synapse %}
            __builtin_prefetch({{array}} + _idx);
            {% endfor %}
        },
        [&](const int64_t _postsynaptic_idx, int64_t _base, const snnrun::Incoming::Synapse* _synapse,
            const snnrun::Incoming::Synapse* _end) {
            for (; _synapse < _end; ++_synapse)
            {
                const int64_t _idx = _base + _synapse->position, _vectorisation_idx = _idx;
                const int32_t _presynaptic_idx = _synapse->source;
                {{vector_code|autoindent}}
            }
        });
    {% endif %}
{% endblock %}
