{# USES_VARIABLES { N } #}
{% extends 'common_group.cpp' %}

{% block maincode %}
    snnrun::Spikes& _spikes = spikes_{{eventspace_variable.owner.name}};
    {{scalar_code|autoindent}}
    {% set chance = vector_code|chance %}
    {% if chance and not _uses_refractory %}
    {# Sources of random spikes: only those that fire cost anything. #}
    {{chance.draws|autoindent}}
    int32_t _fired[snnrun::BLOCK];
    _spikes.add(_range, _fired, {{chance.stream}}.sparse(_fired, {{chance.code}}, _range.tick, _range.first, _range.end));
    {% else %}
    {% set each = vector_code|drawn %}
    {{each.draws|autoindent}}
    char _fires[snnrun::BLOCK];
    for (int64_t _idx = _range.first; _idx < _range.end; ++_idx)
    {
        const int64_t _vectorisation_idx = _idx;
        {{each.code|autoindent}}
        _fires[_idx - _range.first] = _cond;
    }
    {% if _uses_refractory %}
    for (const int32_t _fired : _spikes.add_marked(_range, _fires))
    {
        {{not_refractory}}[_fired] = false;
        {{lastspike}}[_fired] = {{t}};
    }
    {% else %}
    _spikes.add_marked(_range, _fires);
    {% endif %}
    {% endif %}
{% endblock %}
