"use strict";
(() => {
  const config = {responsive: true, displaylogo: false, displayModeBar: false, scrollZoom: false};
  const charts = JSON.parse(document.getElementById("content").textContent);
  for (const chart of charts) {
    Plotly.newPlot(chart.key, chart.traces, chart.layout, config);
  }
  for (const choice of document.querySelectorAll("input[data-chart]")) {
    choice.addEventListener("change", () => {
      const chart = charts.find((one) => one.key === choice.dataset.chart);
      const visible = chart.traces.map((trace) => !trace.meta || trace.meta === choice.value);
      Plotly.restyle(chart.key, {visible});
    });
    if (choice.checked) choice.dispatchEvent(new Event("change")); // a reloaded page keeps its choice
  }
  const resize = () => charts.forEach((chart) => Plotly.Plots.resize(chart.key));
  window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details.printed")) part.open = true;
    resize();
  });
  window.addEventListener("afterprint", resize);
})();
