{# Spikes wait in the ring of their population: there is nothing to push. #}
{% extends 'common_group.cpp' %}
