import{M as n}from"./chunk-TTI27FUF.js";function t({tone:o="plain",children:e}){return n("span",{class:"tag","data-tone":o,children:e})}export{t as a};
