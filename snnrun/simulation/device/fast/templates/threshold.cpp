{# USES_VARIABLES { N } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    snnrun::Spikes& _spikes = spikes_{{eventspace_variable.owner.name}};
    {{scalar_code|autoindent}}
    {% set chance = vector_code|chance %}
    {% if chance and not _uses_refractory %}
    {# Sources of random spikes: only those that fire cost anything. #}
    {{chance.draws|autoindent}}
    {{chance.stream}}.sparse({{chance.code}}, range.tick, range.first, range.end,
                             [&](int64_t _idx) { _spikes.add(range, _idx); });
    {% else %}
    {% set each = vector_code|drawn %}
    {{each.draws|autoindent}}
    char _fires[snnrun::BLOCK];
    for (int64_t _idx = range.first; _idx < range.end; ++_idx)
    {
        const int64_t _vectorisation_idx = _idx;
        {{each.code|autoindent}}
        _fires[_idx - range.first] = _cond;
    }
    _spikes.add_marked(range, _fires, [&](int64_t _idx) {
        {% if _uses_refractory %}
        {{not_refractory}}[_idx] = false;
        {{lastspike}}[_idx] = {{t}};
        {% endif %}
    });
    {% endif %}
{% endblock %}
