import{M as n}from"./chunk-MD25B7VY.js";function t({tone:o="plain",children:e}){return n("span",{class:"tag","data-tone":o,children:e})}export{t as a};
