{# What spikes do to traces of their neurons when they arrive at the synapses of a projection. #}
{# USES_VARIABLES { N } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    const int64_t _sent = _range.tick{% if rows %} - {{rows}}.longest_delay(){% endif %};
    if (_sent < 0) return;
    {{scalar_code|autoindent}}
    for (const int32_t _fired : spikes_{{population}}.of_thread(_sent, _range.thread))
    {
        const int64_t _idx = _fired, _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
    }
{% endblock %}
